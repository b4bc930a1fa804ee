//! Keeps small code that several chunks share in the main module.
//!
//! The splitter makes a file for every combination of chunks that share a
//! function; most such files are smaller than what it takes to ask for one. What
//! a module exports stays in its main part, so such functions are exported before
//! the module is split once more, and these exports are taken away afterwards.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context as _;
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{Export, KnownCustom, Name, Parser, Payload, TypeRef};

/// Shared files with less code than this go into the main module, in bytes before
/// they are made small.
const SMALL: usize = 2500;

/// What the names of the added exports start with.
const MARK: &str = "__shared_";

/// The names of the functions in the small shared files of a split module.
pub(crate) fn small_shared(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if file.starts_with("chunk_") && file.ends_with(".wasm") {
            let module = fs::read(&path)?;
            if code_bytes(&module)? < SMALL {
                let (imported, functions) = functions(&module)?;
                let own = functions.into_iter().filter(|(index, _)| *index >= imported);
                names.extend(own.map(|(_, name)| name));
            }
        }
    }
    Ok(names)
}

/// The module with an export for each function that has one of these names.
pub(crate) fn export(module: &[u8], names: &BTreeSet<String>) -> anyhow::Result<Vec<u8>> {
    let (_, functions) = functions(module)?;
    let chosen = functions.into_iter().filter(|(_, name)| names.contains(name));
    with_exports(module, chosen.map(|(index, _)| index).collect())
}

/// The module without the exports that [`export`] has added.
pub(crate) fn take_back(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    with_exports(module, Vec::new())
}

/// The module with exports of these functions instead of those that were added
/// before.
fn with_exports(module: &[u8], added: Vec<u32>) -> anyhow::Result<Vec<u8>> {
    let mut out = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::ExportSection(section) = &payload {
            let mut exports = ExportSection::new();
            for export in section.clone() {
                let Export { name, kind, index } = export?;
                if !name.starts_with(MARK) {
                    exports.export(name, kind.into(), index);
                }
            }
            for index in &added {
                exports.export(&format!("{MARK}{index}"), ExportKind::Func, *index);
            }
            out.section(&exports);
        } else if let Some((id, range)) = payload.as_section() {
            let data = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
            out.section(&RawSection { id, data });
        }
    }
    Ok(out.finish())
}

/// How long a module's functions are together.
fn code_bytes(module: &[u8]) -> anyhow::Result<usize> {
    let mut bytes = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bytes += body.as_bytes().len();
        }
    }
    Ok(bytes)
}

/// How many functions a module imports, and the names of its functions.
fn functions(module: &[u8]) -> anyhow::Result<(u32, Vec<(u32, String)>)> {
    let (mut imported, mut named) = (0, Vec::new());
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
                        named.push((function.index, function.name.to_owned()));
                    }
                }
            }
            _ => {}
        }
    }
    Ok((imported, named))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, NameMap, NameSection,
        TypeSection,
    };
    use wasmparser::{Parser, Payload};

    use super::{export, take_back};

    #[test]
    fn named_functions_are_exported_and_taken_back() {
        let (mut types, mut declared, mut code) =
            (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        let (mut exports, mut names, mut section) =
            (ExportSection::new(), NameMap::new(), NameSection::new());
        types.ty().function([], []);
        for (index, name) in (0..).zip(["main", "shared", "own"]) {
            declared.function(0);
            let mut body = Function::new([]);
            body.instructions().end();
            code.function(&body);
            names.append(index, name);
        }
        exports.export("main", ExportKind::Func, 0);
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&declared).section(&exports).section(&code).section(&section);
        let before = module.finish();

        let exported = |module: &[u8]| -> Vec<(String, u32)> {
            wasmparser::validate(module).expect("a valid module");
            let payloads = Parser::new(0).parse_all(module);
            let section = payloads.filter_map(|payload| match payload.expect("a module") {
                Payload::ExportSection(section) => Some(section),
                _ => None,
            });
            let exports = section.flatten().map(|export| export.expect("an export"));
            exports.map(|export| (export.name.to_owned(), export.index)).collect()
        };
        let shared = BTreeSet::from(["shared".to_owned(), "not there".to_owned()]);
        let after = export(&before, &shared).expect("a module");
        assert_eq!(exported(&after), [("main".to_owned(), 0), ("__shared_1".to_owned(), 1)]);
        assert_eq!(take_back(&after).expect("a module"), before);
    }
}
