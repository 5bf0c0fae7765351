//! The formats, one file each.

pub(crate) mod access;
pub(crate) mod apache_error;
pub(crate) mod json;
pub(crate) mod klog;
pub(crate) mod logfmt;
pub(crate) mod nginx_error;
pub(crate) mod pattern;
pub(crate) mod python_logging;
pub(crate) mod structlog;
pub(crate) mod tutorial;
pub(crate) mod uvicorn;

pub(crate) use tutorial::Minute;
