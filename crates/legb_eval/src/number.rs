//! How numbers are written: `repr` of floats, and integers in any base.

use num_bigint::BigInt;

/// The shortest digits that read back as the same float, and the decimal exponent of the first digit.
pub(crate) fn shortest(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// `float.__repr__` (`float_repr_style` short: `PyOS_double_to_string` with format code `r`).
pub(crate) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let (digits, exponent) = shortest(value);
    let body = if (-4..16).contains(&exponent) {
        fixed(&digits, exponent)
    } else {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        format!("{first}{point}e{exponent_sign}{:02}", exponent.abs())
    };
    format!("{sign}{body}")
}

/// Digits with a decimal point and at least one digit behind it.
fn fixed(digits: &str, exponent: i32) -> String {
    let Ok(whole) = usize::try_from(exponent + 1) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    if whole == 0 {
        format!("0.{digits}")
    } else if digits.len() <= whole {
        format!("{digits}{}.0", "0".repeat(whole - digits.len()))
    } else {
        let (before, after) = digits.split_at(whole);
        format!("{before}.{after}")
    }
}

/// An integer in base 2, 8, 10 or 16, without prefix.
pub(crate) fn in_base(value: &BigInt, base: u32) -> String {
    value.to_str_radix(base)
}

/// Whether converting so large an integer to decimal is refused (`sys.set_int_max_str_digits`, from 3.11 on and in the
/// later releases of older versions).
pub(crate) fn too_long_for_decimal(value: &BigInt) -> bool {
    value.bits() > 14_000
}

#[cfg(test)]
mod tests {
    use super::float_repr;

    #[test]
    fn floats_are_written_as_python_does() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (110.0, "110.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (123_456_789.125, "123456789.125"),
            (1e100, "1e+100"),
            (f64::INFINITY, "inf"),
        ];
        for (value, text) in cases {
            assert_eq!(float_repr(value), text);
        }
    }
}
