//! Removes functions that this app never calls from a module. An optimiser cannot remove them,
//! because method tables refer to them.
//!
//! Leptos can hydrate a page in three ways, and compiles all three for every view. The app
//! uses the first, `hydrate`; the others are a sixteenth of the module. They are replaced with
//! a body that traps, so that a mistake here could not go unnoticed.

use anyhow::Context as _;
use wasm_encoder::{CodeSection, Function, Module, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Parts of the names of functions that are never called: those of `hydrate_lazy`, and those
/// of views that are cloned from a template.
const NEVER_CALLED: [&str; 1] = ["hydrate_async"];

/// Functions shorter than this, in bytes, may have been merged with identical ones that are
/// called.
const MERGED_BELOW: usize = 200;

/// The module with these functions replaced.
pub(crate) fn never_called(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let stubbed = indices(module)?;
    let mut out = Module::new();
    let mut code = CodeSection::new();
    let mut bodies = 0;
    let mut index = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::CodeSectionStart { count, .. } => bodies = *count,
            Payload::CodeSectionEntry(body) => {
                if stubbed.contains(&index) && body.as_bytes().len() >= MERGED_BELOW {
                    let mut trap = Function::new([]);
                    trap.instructions().unreachable().end();
                    code.function(&trap);
                } else {
                    code.raw(body.as_bytes());
                }
                index += 1;
                if index == bodies {
                    out.section(&code);
                }
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
                    out.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(out.finish())
}

/// The indices of the functions to replace, counted from the first that the module defines.
fn indices(module: &[u8]) -> anyhow::Result<Vec<u32>> {
    let mut imported = 0;
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(names) = custom.as_known() else { continue };
                for names in names {
                    let Ok(Name::Function(functions)) = names else { continue };
                    for function in functions {
                        let function = function.context("a function's name")?;
                        let never = NEVER_CALLED.iter().any(|part| function.name.contains(part));
                        if never && function.index >= imported {
                            found.push(function.index - imported);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, NameMap, NameSection,
        TypeSection,
    };
    use wasmparser::{Operator, Parser, Payload};

    use super::never_called;

    /// A module of functions with these names and numbers of `nop`s.
    fn module(functions: &[(&str, usize)]) -> Vec<u8> {
        let (mut types, mut declared, mut code) =
            (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        let (mut exports, mut names, mut section) =
            (ExportSection::new(), NameMap::new(), NameSection::new());
        types.ty().function([], []);
        for ((name, length), index) in functions.iter().zip(0..) {
            declared.function(0);
            exports.export(name, ExportKind::Func, index);
            let mut body = Function::new([]);
            (0..*length).for_each(|_| _ = body.instructions().nop());
            body.instructions().end();
            code.function(&body);
            names.append(index, name);
        }
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&declared).section(&exports).section(&code).section(&section);
        module.finish()
    }

    #[test]
    fn only_long_functions_that_are_never_called_are_emptied() {
        let before =
            module(&[("view::hydrate", 300), ("view::hydrate_async", 300), ("x::hydrate_async", 10)]);
        let after = never_called(&before).expect("a module");
        wasmparser::validate(&after).expect("a valid module");
        let traps = |module: &[u8]| -> Vec<bool> {
            let payloads = Parser::new(0).parse_all(module);
            let bodies = payloads.filter_map(|payload| match payload.expect("a module") {
                Payload::CodeSectionEntry(body) => Some(body),
                _ => None,
            });
            let first = bodies.map(|body| body.get_operators_reader().expect("a body").read());
            first.map(|first| matches!(first.expect("an instruction"), Operator::Unreachable)).collect()
        };
        assert_eq!(traps(&before), [false, false, false]);
        assert_eq!(traps(&after), [false, true, false]);
        assert!(after.len() < before.len() - 290);
    }
}
