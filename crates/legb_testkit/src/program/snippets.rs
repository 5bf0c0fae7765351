//! Which errors of CPython can a program run into on purpose, and which legal oddities are rare enough to need a push?
//!
//! Each is a few lines with holes for names: `{n}`, `{m}` and `{k}` are different names of the program's pool, so that what
//! surrounds the provocation takes part in it; a doubled brace stands for one. What CPython says to it is not recorded here:
//! that is for CPython to say. One snippet is one line here, which is why rustfmt leaves this file alone.

use Needs::{Debug as Dbg, Defaults, ExceptStar, Lazy, Match, Nothing, TypeParams};
use Place::{Anywhere, Async, Class, Function, Module, NotAsync, Outside, Plain};

/// Where a provocation has to stand to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    Module,
    Class,
    /// The body of a function, asynchronous or not.
    Function,
    /// The body of a function that is not asynchronous.
    Plain,
    /// The body of an asynchronous function.
    Async,
    /// Anywhere but in the body of an asynchronous function.
    NotAsync,
    /// Module or class.
    Outside,
}

/// What the version must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// An assignment to `__debug__` must get past the parser.
    Debug,
    Match,
    ExceptStar,
    TypeParams,
    Defaults,
    Lazy,
    /// Annotations must not be deferred.
    EagerAnnotations,
    /// Annotations must be deferred.
    DeferredAnnotations,
}

/// Lines with holes, and where they may stand.
pub(super) type Snippet = (Place, Needs, &'static str);

/// Errors of `global` and `nonlocal`.
pub(super) const DECLARATIONS: &[Snippet] = &[
    (Anywhere, Nothing, "{m}({n})\nglobal {n}"),
    (Anywhere, Nothing, "{n} = 1\nglobal {n}"),
    (Anywhere, Nothing, "del {n}\nglobal {n}"),
    (Anywhere, Nothing, "def {n}(): pass\nglobal {n}"),
    (Anywhere, Nothing, "def {m}({k}={n}): pass\nglobal {n}"),
    (Anywhere, Nothing, "[0 for {m} in {n}]\nglobal {n}"),
    (Anywhere, Nothing, "def {m}({n}):\n    global {n}"),
    (Anywhere, Nothing, "def {m}({n}):\n    nonlocal {n}"),
    (Anywhere, Nothing, "def {m}():\n    {n}: int\n    global {n}"),
    (Anywhere, Nothing, "def {m}():\n    global {n}\n    {n}: int = 1"),
    (Anywhere, Nothing, "class {m}:\n    global {n}\n    {n}: int"),
    (Anywhere, Needs::EagerAnnotations, "def {m}():\n    {k}: {n}\n    global {n}"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    {k}({n})\n    nonlocal {n}"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    {n} = 2\n    nonlocal {n}"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    nonlocal {n}\n    {n}: int = 2"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    {n}: int\n    nonlocal {n}"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    nonlocal {n}\n    global {n}"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    global {n}, \\\n        {k}\n    nonlocal {n}"),
    (Anywhere, Nothing, "def {m}():\n    global {n}\n    def {k}():\n        nonlocal {n}"),
    (Anywhere, Nothing, "def {m}():\n    nonlocal zz"),
    (Function, Nothing, "{n} = 1\ndef {m}():\n    nonlocal {n}, \\\n        zz"),
    (Anywhere, Nothing, "class {m}:\n    zz = 1\n    def {k}(self):\n        nonlocal zz"),
    (Module, Nothing, "nonlocal {n}"),
    (Module, Nothing, "def {m}():\n    super()\n    nonlocal __class__"),
    (Anywhere, Nothing, "class {m}:\n    def {k}(self):\n        super()\n        global __class__"),
    (Anywhere, Nothing, "class C:\n    def {k}(self):\n        __p = 1\n        global _C__p"),
    (Anywhere, TypeParams, "def {m}[{n}]():\n    nonlocal {n}\n    {n} = 1"),
    (Anywhere, TypeParams, "class {m}[{n}]:\n    def {k}(self):\n        nonlocal {n}\n        {n} = 1"),
    (Anywhere, TypeParams, "class {m}[{n}]:\n    nonlocal {n}\n    {n} = 1"),
];

/// Errors of parameters, type parameters, imports and star-assignments.
pub(super) const BINDINGS: &[Snippet] = &[
    (Anywhere, Nothing, "def {m}({n}, {k}, {n}): pass"),
    (Anywhere, Nothing, "async def {m}({n}, *, {n}=1): pass"),
    (Anywhere, Nothing, "def {m}({n}, *{k}, **{k}): pass"),
    (Anywhere, Nothing, "lambda {n}, *{n}: {m}"),
    (Anywhere, Nothing, "class C:\n    def {m}(self, __p, _C__p): pass"),
    (Anywhere, TypeParams, "def {m}[{n}, {n}](): pass"),
    (Anywhere, TypeParams, "class {m}[{n}, *{n}]: pass"),
    (Anywhere, TypeParams, "type {m}[{n}, **{n}] = {k}"),
    (Module, TypeParams, "class {m}[__classdict__]: pass"),
    (Module, TypeParams, "def {m}[__classdict__: {n}](): pass"),
    (Anywhere, Defaults, "def {m}[{n} = int, {k}](): pass"),
    (Anywhere, Defaults, "type {m}[**{n} = [], *{k}] = {n}"),
    (Function, Nothing, "from {n} import *"),
    (Class, Nothing, "from {n} import *"),
    (Anywhere, Nothing, "from __future__ import annotations"),
    (Anywhere, Nothing, "{n} = 1; from __future__ import division"),
    (Anywhere, Nothing, "*{n}, *{m} = {k}"),
    (Anywhere, Nothing, "[*{n}, {k}, *{m}] = {k}"),
    (Anywhere, Nothing, "*{n} = {m}"),
    (Anywhere, Nothing, "for *{n} in {m}: pass"),
    (Anywhere, Nothing, "{n} = *{m}"),
    (Anywhere, Nothing, "*{n}"),
    (Anywhere, Dbg, "{n}({m}=1, {k}=2, {m}=3)"),
    (Anywhere, Dbg, "class {k}({n}, {m}=1, {m}=2): pass"),
    (Anywhere, Nothing, "try: pass\nexcept: {n}\nexcept {m}: pass"),
];

/// Errors of lazy imports.
pub(super) const LAZY: &[Snippet] = &[
    (Module, Lazy, "def {m}():\n    lazy import {n}"),
    (Function, Lazy, "lazy import {n}"),
    (Function, Lazy, "lazy from {n} import {m}"),
    (Function, Lazy, "lazy from {n} import *"),
    (Class, Lazy, "lazy import {n}"),
    (Class, Lazy, "lazy from {n} import {m}"),
    (Module, Lazy, "try:\n    lazy import {n}\nexcept {m}: pass"),
    (Module, Lazy, "try: pass\nfinally:\n    lazy from {n} import {m}"),
    (Module, Lazy, "try: pass\nexcept {m}: pass\nelse:\n    lazy import {n}"),
    (Module, Lazy, "lazy from {n} import *"),
    (Module, Lazy, "lazy from __future__ import annotations"),
];

/// Errors of the walrus.
pub(super) const WALRUS: &[Snippet] = &[
    (Anywhere, Nothing, "[{n} for {n} in ({m} := [1])]"),
    (Anywhere, Nothing, "[{n} for {n} in [{k} for {k} in ({m} := {n})]]"),
    (Anywhere, Nothing, "{{{n} for {n} in (lambda: ({m} := {n}))()}}"),
    (Anywhere, Nothing, "({n} for {n} in {k} for {k} in ({m} := {n}))"),
    (Anywhere, Nothing, "[{n} := {m} for {n} in {m}]"),
    (Anywhere, Nothing, "[[({n} := 1) for {m} in {k}] for {n} in {k}]"),
    (Anywhere, Nothing, "{{{m}: 1 for {n} in {k} if ({n} := 2)}}"),
    (Anywhere, Nothing, "[({n} := 1) for {m} in {k} for {n} in {m}]"),
    (Anywhere, Nothing, "[{m} for {m} in {k} if ({n} := 1) for {n} in {m}]"),
    (Class, Nothing, "[{n} := {m} for {m} in {k}]"),
    (Class, Nothing, "{k} = {{{k}: [({n} := {m}) for {m} in {k}] for {k} in {m}}}"),
    (Anywhere, Nothing, "{n}: ({m} := 1) = 2"),
    (Anywhere, Nothing, "def {k}({n}: ({m} := 1)): pass"),
    (Anywhere, Nothing, "def {k}({n}) -> ({m} := {n}): pass"),
    (Anywhere, Nothing, "{n}: [({m} := {k}) for {k} in {n}]"),
    (Anywhere, TypeParams, "type {k} = ({n} := 1)"),
    (Anywhere, TypeParams, "type {k}[T] = [{n} := {m} for {m} in T]"),
    (Anywhere, TypeParams, "def {k}[{m}: ({n} := 1)](): pass"),
    (Anywhere, TypeParams, "class {k}[{m}: (({n} := 1), 2)]: pass"),
    (Anywhere, TypeParams, "def {k}[{n}: [{n} := {m} for {m} in {k}]](): pass"),
    (Anywhere, TypeParams, "def {k}[{n}: ([{n} := {m} for {m} in {k}], {k})](): pass"),
    (Anywhere, TypeParams, "class {k}[T](({n} := T)): pass"),
    (Anywhere, TypeParams, "class {k}[T]([{n} := {m} for {m} in T]): pass"),
    (Anywhere, TypeParams, "def {k}[T]({n}: ({m} := 1)): pass"),
    (Anywhere, Defaults, "def {k}[{m} = ({n} := 1)](): pass"),
    (Anywhere, Defaults, "class {k}[*{m} = ({n} := 1)]: pass"),
    (Anywhere, Defaults, "type {k}[**{m} = ({n} := 1)] = {m}"),
    (Anywhere, Defaults, "type {k}[{m} = [{n} := T for T in {k}]] = {m}"),
    (Anywhere, Defaults, "type {k}[*{m} = [{n} := T for T in {k}]] = {m}"),
    (Anywhere, Defaults, "type {k}[**{m} = [{n} := T for T in {k}]] = {m}"),
];

/// `yield`, `await`, `return`, `break` and their kind in the wrong place.
pub(super) const PLACES: &[Snippet] = &[
    (Outside, Nothing, "yield {n}"),
    (Outside, Nothing, "{n} = yield"),
    (Outside, Nothing, "yield from {n}"),
    (Outside, Nothing, "return {n}"),
    (Outside, Nothing, "return"),
    (Outside, Nothing, "[(yield {n}) for {m} in {k}]"),
    (Function, Nothing, "[(yield {n}) for {m} in {k}]"),
    (Function, Nothing, "((yield) for {m} in {k})"),
    (Function, Nothing, "{{(yield {m}) for {m} in {k}}}"),
    (Function, Nothing, "{{{n}: (yield) for {m} in {k}}}"),
    (Plain, Nothing, "[{m} for {m} in {k} if (yield from {n})]"),
    (Anywhere, Nothing, "{n}: (yield) = 1"),
    (Function, Nothing, "def {k}({n}: (yield {m})): pass"),
    (Function, Nothing, "{n}: (yield from {m})"),
    (Anywhere, TypeParams, "type {k} = (yield {n})"),
    (Function, TypeParams, "def {k}[{m}: (yield)](): pass"),
    (Function, TypeParams, "def {k}[{m}: ({n}, (yield))](): pass"),
    (Function, Defaults, "def {k}[{m} = (yield)](): pass"),
    (Function, Defaults, "def {k}[*{m} = (yield)](): pass"),
    (Function, Defaults, "def {k}[**{m} = (yield)](): pass"),
    (Function, TypeParams, "class {k}[T]((yield)): pass"),
    (Function, TypeParams, "class {k}[T](a=(yield from T)): pass"),
    (Async, Nothing, "yield from {n}"),
    (Async, Nothing, "{n} = yield from {m}"),
    (Async, Nothing, "if {n}:\n    return (yield from {m})"),
    (Async, Nothing, "yield {n}\nreturn {m}"),
    (Async, Nothing, "return {n}\nyield"),
    (NotAsync, Nothing, "await {n}"),
    (NotAsync, Nothing, "{m} = [{n}, await {n}]"),
    (Async, Nothing, "lambda: await {n}"),
    (Async, Nothing, "{n}: (await {m}) = 1"),
    (Async, Nothing, "def {k}({n}: (await {m})): pass"),
    (Async, TypeParams, "type {k} = (await {n})"),
    (Async, TypeParams, "class {k}[{m}: (await {n})]((await {m})): pass"),
    (Async, TypeParams, "class {k}[{m}: ({n}, await {n})]: pass"),
    (Async, Defaults, "def {k}[{m} = (await {n})](): pass"),
    (Async, Defaults, "def {k}[*{m} = (await {n})](): pass"),
    (Async, Defaults, "def {k}[**{m} = (await {n})](): pass"),
    (Async, TypeParams, "class {k}[T]((await {m})): pass"),
    (NotAsync, Nothing, "[await {n} for {m} in {k}]"),
    (NotAsync, Nothing, "{{{m} async for {m} in {k}}}"),
    (NotAsync, Nothing, "[{n} for {n} in [{m} async for {m} in {k}]]"),
    (Async, Nothing, "lambda: [{m} async for {m} in {k}]"),
    (Async, Nothing, "[[{m} async for {m} in {k}] for {k} in {n}]"),
    (Async, Nothing, "([await {m} for {m} in {k}] for {k} in {n})"),
    (NotAsync, Nothing, "async for {n} in {m}: pass"),
    (NotAsync, Nothing, "async with {n} as {m}: pass"),
    (Anywhere, Nothing, "def {m}():\n    break"),
    (Anywhere, Nothing, "class {m}:\n    continue"),
    (Anywhere, Nothing, "for {n} in {m}:\n    def {k}(): break"),
    (Anywhere, Nothing, "while {m}:\n    class {k}: continue"),
    (Anywhere, ExceptStar, "for {n} in {m}:\n    try: pass\n    except* {k}: break"),
    (Anywhere, ExceptStar, "while {n}:\n    try: pass\n    except* {k}: continue"),
    (Function, ExceptStar, "try: pass\nexcept* {k}: return {n}"),
];

/// `__debug__` bound or deleted in every way.
pub(super) const DEBUG: &[Snippet] = &[
    (Anywhere, Dbg, "__debug__ = {n}"),
    (Anywhere, Dbg, "{n}, [__debug__, *{m}] = {k}"),
    (Anywhere, Dbg, "{n}.__debug__ = 1"),
    (Anywhere, Dbg, "del __debug__"),
    (Anywhere, Dbg, "del {n}.__debug__"),
    (Anywhere, Dbg, "__debug__ += 1"),
    (Anywhere, Dbg, "__debug__: {n}"),
    (Anywhere, Dbg, "__debug__: {n} = 1"),
    (Anywhere, Dbg, "(__debug__ := {n})"),
    (Anywhere, Dbg, "[1 for __debug__ in {n}]"),
    (Module, Dbg, "[__debug__ := {n} for {n} in {m}]"),
    (Anywhere, Dbg, "def {m}({n}, __debug__): pass"),
    (Anywhere, Dbg, "lambda *__debug__: {n}"),
    (Anywhere, Dbg, "def {m}(*, __debug__=1): pass"),
    (Anywhere, Dbg, "{n}(__debug__=1)"),
    (Anywhere, Dbg, "class {n}(__debug__=1): pass"),
    (Anywhere, Dbg, "def __debug__(): pass"),
    (Anywhere, Dbg, "class __debug__: pass"),
    (Anywhere, Dbg, "for __debug__ in {n}: pass"),
    (Anywhere, Dbg, "with {n} as __debug__: pass"),
    (Anywhere, Dbg, "import __debug__"),
    (Anywhere, Dbg, "import {n} as __debug__"),
    (Anywhere, Dbg, "from {n} import {m} as __debug__"),
    (Anywhere, Dbg, "def {m}():\n    global __debug__\n    __debug__ = 1"),
    (Anywhere, Match, "match {n}:\n    case __debug__: pass"),
    (Anywhere, Match, "match {n}:\n    case [*__debug__]: pass"),
    (Anywhere, Match, "match {n}:\n    case {{\"k\": 1, **__debug__}}: pass"),
    (Anywhere, Match, "match {n}:\n    case {m}() as __debug__: pass"),
    (Anywhere, Match, "match {n}:\n    case {m}(__debug__=1): pass"),
    (Anywhere, TypeParams, "def {m}[__debug__](): pass"),
    (Anywhere, TypeParams, "type __debug__ = {n}"),
];

/// Errors of patterns, and of lambdas and comprehensions that see a class.
pub(super) const SHAPES: &[Snippet] = &[
    (Anywhere, Match, "match {m}:\n    case [{n}, {n}]: pass"),
    (Anywhere, Match, "match {m}:\n    case {{\"k\": {n}, **{n}}}: pass"),
    (Anywhere, Match, "match {m}:\n    case [{n}] | [{k}]: pass"),
    (Anywhere, Match, "match {m}:\n    case [{n}, 1] | 2: pass"),
    (Anywhere, Match, "match {m}:\n    case {n}: pass\n    case 1: pass"),
    (Anywhere, Match, "match {m}:\n    case _: pass\n    case [{n}]: pass"),
    (Anywhere, Match, "match {m}:\n    case {n} | 1: pass"),
    (Anywhere, Match, "match {m}:\n    case [_ | 1]: pass"),
    (Anywhere, Match, "match {m}:\n    case [*{n}, *{k}]: pass"),
    (Anywhere, Match, "match {m}:\n    case {{\"k\": {n}, \"k\": {k}}}: pass"),
    (Anywhere, Match, "match {m}:\n    case C({n}={k}, {n}=1): pass"),
    (Class, TypeParams, "type {m} = lambda: {n}"),
    (Class, TypeParams, "type {m} = [{n} for {n} in {k}]"),
    (Class, TypeParams, "type {m}[T] = ({n} for {n} in {k})"),
    (Class, TypeParams, "def {m}[T: {{{n}: 1 for {n} in {k}}}](self): pass"),
    (Class, TypeParams, "def {m}[T](self, {n}: (lambda {k}: {n})): pass"),
    (Class, TypeParams, "class {m}[T]([{n} for {n} in {k}]): pass"),
    (Anywhere, Nothing, "class {n}:\n    [__class__ for {m} in {k}]"),
    (Anywhere, Nothing, "class {n}:\n    {{super() for {m} in {k}}}"),
];

/// Errors that only show at the very start of a file.
pub(super) const FIRST_LINES: &[Snippet] = &[
    (Module, Nothing, "from __future__ import nope"),
    (Module, Nothing, "from __future__ import braces"),
    (Module, Nothing, "from __future__ import annotations, {n}_"),
    (Module, Nothing, "\"\"\"one\"\"\"\n\"\"\"two\"\"\"\nfrom __future__ import annotations"),
    (Module, Nothing, "from __future__ import annotations\n{n}: ({m} := 1) = 2"),
    (Module, Nothing, "from __future__ import annotations\ndef {n}({m}: (yield)): pass"),
    (Module, Nothing, "from __future__ import annotations\nasync def {n}({m}) -> (await {m}): {k}: [await {m}]"),
    (Module, Nothing, "from __future__ import annotations; {n} = 1; from __future__ import division"),
];

/// Legal, but easy to get wrong.
pub(super) const CURIOSITIES: &[Snippet] = &[
    (Function, Nothing, "import a1\nglobal a1"),
    (Anywhere, Nothing, "class {n}:\n    def {m}(self):\n        nonlocal __class__\n        __class__ = {k}"),
    (Anywhere, Nothing, "class {n}:\n    def {m}(self):\n        return lambda: super().{k}, [super for {k} in {m}]"),
    (Anywhere, Nothing, "def top():\n    {n} = 1\n    def {m}(): return {n}"),
    (Anywhere, Nothing, "genexpr = {n}\n({m} for {m} in genexpr)"),
    (Anywhere, Nothing, "{n}(\n    {m} for {m} in {k})"),
    (Anywhere, Nothing, "class {n}:\n    {m} = 1\n    def {k}(self): return {m}"),
    (Anywhere, Nothing, "def {n}({m}):\n    class {k}:\n        {m} = {m}\n        def {n}(self): return {m}"),
    (Anywhere, Nothing, "def {n}({m}):\n    class {k}:\n        nonlocal {m}\n        {m} = 1"),
    (Anywhere, Nothing, "def {n}():\n    global {m}\n    class {k}:\n        {m}\n    return lambda: {m}"),
    (Anywhere, Nothing, "class {n}:\n    [({m}, {k}) for {m} in {k} for {k} in [lambda: {m}]]"),
    (Anywhere, Nothing, "def {n}():\n    {m} = 1\n    [lambda: {k} for {k} in {m}]\n    {k}"),
    (Anywhere, Nothing, "def {n}(): [{m} := {k} for {k} in [[{m} for {n} in {m}]]]"),
    (Anywhere, Nothing, "def {n}():\n    global {m}\n    [{m} := {k} for {k} in {n}]"),
    (Anywhere, Needs::DeferredAnnotations, "def {n}():\n    {m}: zz\n    global zz"),
    (Anywhere, Needs::DeferredAnnotations, "class {n}:\n    if {m}:\n        {k}: [lambda: {m} for {m} in {k}]"),
    (Anywhere, TypeParams, "class {n}[T]:\n    class {m}[U]({n}[T]):\n        def {k}(self, {n}: T) -> U: return T, __class__"),
    (Class, TypeParams, "{n} = 1\ntype {m}[T: {n}] = {n}[T]\ndef {k}[T: {n}](self, {m}: {n}[T] = {n}) -> {n}: return {n}"),
    (Anywhere, TypeParams, "class C[__p: C](__p, __q): {n} = __p"),
    (Anywhere, Defaults, "class {n}[T = {m}, *U = *{k}, **__p = [{n}]]: {m}: T"),
    (Anywhere, Match, "match {n}:\n    case {{1: [a1, *_] | (a1, _, [_]), **b1}} if a1.{m}: {n} = a1\n    case {m}.{k} | 2: pass"),
    (Anywhere, ExceptStar, "try: {n}\nexcept* {m} as {k}:\n    for {n} in {k}: break\nelse: {k} = 1\nfinally: del {k}"),
    (Module, Lazy, "lazy import {n}.{m} as {k}\nlazy from . import {m}\ndef {n}(): return {k}, {m}"),
    (Async, Nothing, "return [{n} async for {n} in {m} if await {n}]"),
    (Anywhere, Nothing, "({n} async for {m} in {n})"),
    (Anywhere, Nothing, "def {n}({m}, /, {k}=1, *, a1, **b1): return locals()"),
];
