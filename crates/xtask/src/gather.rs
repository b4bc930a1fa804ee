//! Moves small code that several chunks share into the main module.
//!
//! The splitter makes a file for every combination of chunks that share a function, and most
//! of these files are smaller than the cost of a request. Exported functions stay in the main
//! module, so such functions are exported before the module is split a second time, and the
//! exports are removed afterwards. Shared texts are also in files, with about twenty bytes of
//! data and two hundred of overhead: their bytes are added to the main module's data, and the
//! files are removed.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context as _;
use wasm_encoder::{ConstExpr, DataCountSection, DataSection, ExportKind, ExportSection, Module, RawSection};
use wasmparser::{DataKind, Export, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// Shared files with less code than this are merged into the main module, in bytes before
/// optimisation.
const SMALL: usize = 700;

/// The prefix of the names of added exports.
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

/// The module with an export for each function with one of these names.
pub(crate) fn export(module: &[u8], names: &BTreeSet<String>) -> anyhow::Result<Vec<u8>> {
    let (_, functions) = functions(module)?;
    let chosen = functions.into_iter().filter(|(_, name)| names.contains(name));
    with_exports(module, chosen.map(|(index, _)| index).collect())
}

/// The module without the exports added by [`export`].
pub(crate) fn take_back(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    with_exports(module, Vec::new())
}

/// The module with exports of these functions instead of those added before.
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

/// Moves the data of shared files without code into the main module, and removes the files
/// from the folder and from the loader, `chunks.js`.
pub(crate) fn move_data(folder: &Path, main: &[u8]) -> anyhow::Result<Vec<u8>> {
    let loader = folder.join("chunks.js");
    let mut script = fs::read_to_string(&loader)?;
    let mut moved = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("chunk_") && path.extension().is_some_and(|extension| extension == "wasm") {
            let module = fs::read(&path)?;
            if let Some(segments) = data_alone(&module)? {
                moved.extend(segments);
                script = without(&script, &format!("__{name}"))?;
                fs::remove_file(&path)?;
            }
        }
    }
    fs::write(loader, script)?;
    // In address order, whatever the order of the files.
    moved.sort();
    with_data(main, &moved)
}

/// An address in memory, and the bytes there.
type Segment = (i32, Vec<u8>);

/// The data of a module that has nothing else; none if it has.
fn data_alone(module: &[u8]) -> anyhow::Result<Option<Vec<Segment>>> {
    let mut segments = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { count: 1.., .. } | Payload::ElementSection(_) => return Ok(None),
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    let DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
                        return Ok(None);
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                        return Ok(None);
                    };
                    segments.push((value, data.data.to_vec()));
                }
            }
            _ => {}
        }
    }
    Ok(Some(segments))
}

/// The module with more data.
fn with_data(module: &[u8], more: &[Segment]) -> anyhow::Result<Vec<u8>> {
    let mut out = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::DataCountSection { count, .. } => {
                out.section(&DataCountSection { count: count + u32::try_from(more.len())? });
            }
            Payload::DataSection(section) => {
                let mut data = DataSection::new();
                for known in section {
                    let range = known?.range;
                    data.raw(&module[usize::try_from(range.start)?..usize::try_from(range.end)?]);
                }
                for (place, bytes) in more {
                    data.active(0, &ConstExpr::i32_const(*place), bytes.iter().copied());
                }
                out.section(&data);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &module[usize::try_from(range.start)?..usize::try_from(range.end)?];
                    out.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(out.finish())
}

/// The loader's script without a file, which is then neither fetched nor awaited.
fn without(script: &str, name: &str) -> anyhow::Result<String> {
    let start = script.find(&format!("const {name} = makeLoad(")).context("a shared file has a loader")?;
    let end = script[start..].find("]);\n").context("a loader ends")? + start + "]);\n".len();
    let rest = [&script[..start], &script[end..]].concat();
    let first = format!("[{name}, ");
    let [later, only] = [format!(", {name}"), format!("[{name}]")];
    let mut out = String::with_capacity(rest.len());
    for line in rest.lines() {
        // A name is followed by a comma or the bracket, because `chunk_1` is a prefix of
        // `chunk_10`.
        let line = line.replace(&first, "[").replace(&only, "[]");
        let line = line.replace(&[&later, ","].concat(), ",").replace(&[&later, "]"].concat(), "]");
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}

/// The total size of a module's functions.
fn code_bytes(module: &[u8]) -> anyhow::Result<usize> {
    let mut bytes = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bytes += body.as_bytes().len();
        }
    }
    Ok(bytes)
}

/// The number of imported functions, and the names of all functions.
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
