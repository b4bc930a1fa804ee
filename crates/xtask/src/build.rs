//! Builds the site into `dist/`, and the server.
//!
//! Trunk compiles the app. The other steps have to come later, because file names contain a
//! hash of the bytes that are served: splitting the module, wasm-opt, joining the styles,
//! hashing, and compression.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::{
    command::{cargo, output, program, root, step},
    icons, styles, tools,
};

/// The number of builds whose assets are still served, so that a tab opened before a
/// deployment keeps working.
const KEPT_BUILDS: usize = 3;

/// Whether the module has to be optimised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimise {
    /// For a production build.
    Required,
    /// On a machine without Node, the module may be larger.
    IfPossible,
}

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For development.
    Dev,
    /// The same with the features that its tests need, so that nothing is compiled again where
    /// the tests are built.
    Tested,
    /// For production.
    Release,
}

/// Builds the server and returns its path.
pub(crate) fn server(profile: Profile) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    let folder = match profile {
        Profile::Dev => {
            command.args(["build", "--workspace", "--bin", "campaign-hub-server"]);
            "debug"
        }
        Profile::Tested => {
            command.args(["test", "--workspace", "--no-run"]);
            "debug"
        }
        Profile::Release => {
            command.args(["build", "--package", "campaign-hub-server", "--release"]);
            "release"
        }
    };
    step("build the server", &mut command)?;
    Ok(target().join(folder).join("campaign-hub-server"))
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Builds the site into `dist/`.
pub(crate) fn site(optimise: Optimise) -> anyhow::Result<()> {
    modules(optimise)?;
    assemble(&root().join("dist"))
}

/// Compiles the app, splits the module and optimises it.
pub(crate) fn modules(optimise: Optimise) -> anyhow::Result<()> {
    let wasm_opt = tools::wasm_opt()?;
    if optimise == Optimise::Required && wasm_opt.is_none() {
        bail!("a build that goes online needs npm, for wasm-opt");
    }
    step(
        "build the app",
        program("trunk")
            .args(["build", "--no-default-features", "--features", "hydrate,split"])
            .env("PATH", tools::path_with_build_tools()?)
            .env("TRUNK_SKIP_VERSION_CHECK", "true"),
    )?;
    let stage = stage();
    split_module(&stage)?;
    if let Some(wasm_opt) = wasm_opt {
        for module in files(&stage)?.iter().filter(|file| file.extension().is_some_and(|e| e == "wasm")) {
            optimise_module(&wasm_opt, module)?;
        }
    }
    Ok(())
}

/// The folder with the modules and their bindings.
fn stage() -> PathBuf {
    root().join("target/app")
}

/// Splits the module that Trunk compiled into the main module and the chunks that pages load
/// on first use, and makes the bindings of the main module. Afterwards `stage` has everything
/// that the app loads.
fn split_module(stage: &Path) -> anyhow::Result<()> {
    let module = target().join("wasm32-unknown-unknown/wasm/campaign-hub.wasm");
    eprintln!("→ split the module");
    let started = Instant::now();
    let unbound = root().join("target/campaign-hub-main.wasm");
    let module = fs::read(&module).with_context(|| module.display().to_string())?;
    _ = fs::remove_dir_all(stage);
    fs::create_dir_all(stage)?;
    let mut options = wasm_split_cli_support::Options::new(&module);
    options.output_dir = stage;
    options.main_out_path = &unbound;
    options.main_module = "./campaign-hub.js";
    options.link_name = "./chunks.js";
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("the module cannot be split: {error:#}"))?;
    let chunks: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    fs::write(chunk_list(), serde_json::to_vec(&chunks)?)?;
    eprintln!("  split the module: {:.1} s", started.elapsed().as_secs_f64());
    step(
        "make the bindings",
        program("wasm-bindgen")
            // The chunks link against what the linker exported.
            .args(["--target", "web", "--keep-lld-exports", "--no-demangle", "--no-typescript"])
            .args(["--out-name", "campaign-hub", "--out-dir"])
            .arg(stage)
            .arg(unbound)
            .env("PATH", tools::path_with_build_tools()?),
    )
}

/// The file that lists the chunks of each part.
fn chunk_list() -> PathBuf {
    root().join("target/chunks.json")
}

/// The files of a folder by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Optimises a module, unless the result is cached.
fn optimise_module(wasm_opt: &Path, module: &Path) -> anyhow::Result<()> {
    let kept = root().join(format!("target/wasm-opt/{}.wasm", hash(&fs::read(module)?)));
    if !kept.exists() {
        fs::create_dir_all(kept.parent().context("a file has a folder")?)?;
        let unfinished = kept.with_extension("part");
        step(
            "make a module small",
            program(wasm_opt)
                // Never --all-features: browsers reject the output. Flattening and a second
                // pass, with functions ordered by use, make the compressed module 1.5 %
                // smaller.
                .args(["-Os", "--flatten", "--rereloop", "-Os", "-Os", "--reorder-functions"])
                .args([
                    "--strip-debug",
                    "--strip-producers",
                    "--strip-target-features",
                    "--enable-bulk-memory",
                    "--enable-sign-ext",
                ])
                .args(["--enable-nontrapping-float-to-int", "--enable-mutable-globals"])
                .args(["--enable-reference-types", "--enable-multivalue"])
                .arg(module)
                .arg("-o")
                .arg(&unfinished),
        )?;
        fs::rename(unfinished, &kept)?;
    }
    fs::copy(&kept, module)?;
    Ok(())
}

/// Files whose name contains a hash of their content, with their URL in the sources.
const HASHED: [(&str, &str); 3] = [
    ("/display.woff2", "public/display.woff2"),
    ("/pictures.svg", "public/pictures.svg"),
    ("/postcode-regions.json", "public/postcode-regions.json"),
];

/// Assembles everything that a browser loads in a folder.
pub(crate) fn assemble(dist: &Path) -> anyhow::Result<()> {
    let started = Instant::now();
    let stage = stage();
    let assets = dist.join("assets");
    fs::create_dir_all(&assets)?;
    let mut index = fs::read_to_string(root().join("target/trunk/index.html"))?;
    let parts = styles::read()?.joined_parts();
    // The order of the layers is in the styles that every document has.
    let mut hashed = vec![("/styles.css", parts.into_bytes())];
    for (address, source) in HASHED {
        hashed.push((address, fs::read(root().join(source)).with_context(|| source.to_owned())?));
    }
    let mut names = Vec::new();
    for (address, content) in hashed {
        let (stem, ending) =
            address.trim_start_matches('/').split_once('.').context("an asset has an ending")?;
        let name = format!("{stem}-{}.{ending}", &hash(&content)[..16]);
        if !index.contains(address) {
            bail!("index.html does not mention {address}");
        }
        index = index.replace(address, &format!("/assets/{name}"));
        write_encoded(&assets.join(&name), &content)?;
        names.push(name);
    }
    let app = app_folder(&stage)?;
    fs::create_dir_all(assets.join(&app))?;
    for file in files(&stage)? {
        let name = file.file_name().context("a file has a name")?;
        write_encoded(&assets.join(&app).join(name), &fs::read(&file)?)?;
    }
    index = index.replace("/campaign-hub", &format!("/assets/{app}/campaign-hub"));
    let chunks = fs::read_to_string(chunk_list())?;
    index = index.replace("data-chunks=\"{}\"", &format!("data-chunks='{chunks}'"));
    names.push(app);
    copy_public(dist)?;
    icons::render(dist)?;
    write_encoded(&dist.join("index.html"), index.as_bytes())?;
    keep_recent(dist, names)?;
    eprintln!("  put {} together: {:.1} s", dist.display(), started.elapsed().as_secs_f64());
    Ok(())
}

/// The name of the folder for everything that the app loads. Module, bindings and chunks refer
/// to each other by name, so they keep their names in a folder with one hash for all of them.
fn app_folder(stage: &Path) -> anyhow::Result<String> {
    let mut all = Vec::new();
    for file in files(stage)? {
        all.extend(fs::read(file)?);
    }
    Ok(format!("app-{}", &hash(&all)[..16]))
}

/// Inserts scripts, styles and icon into the document that Trunk made, and adds the files that
/// it loads: Trunk calls this as a hook.
pub(crate) fn document() -> anyhow::Result<()> {
    let stage = PathBuf::from(std::env::var_os("TRUNK_STAGING_DIR").context("only Trunk calls this")?);
    let path = stage.join("index.html");
    let mut index = fs::read_to_string(&path)?;
    for script in ["public/boot.js", "public/loader.js"] {
        let source = fs::read_to_string(root().join(script))?;
        index = fill(&index, script, "script", &minified(script, &source)?)?;
    }
    index = index.replace("data-inline=\"public/icon.svg\"", &format!("href=\"{}\"", icon_address()?));
    let styles = styles::read()?;
    let part = |(name, style): &(String, String)| format!("</style><style data-part=\"{name}\">{style}");
    let inline = [styles.common.clone(), styles.parts.iter().map(part).collect()].concat();
    index = fill(&index, "style", "style", &inline)?;
    fs::write(path, index)?;
    fs::write(stage.join("styles.css"), styles.joined_parts())?;
    for entry in WalkDir::new(root().join("public")) {
        let entry = entry?;
        let to = stage.join(entry.path().strip_prefix(root().join("public"))?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// A script minified by esbuild, or as it is on a machine without Node.
fn minified(name: &str, source: &str) -> anyhow::Result<String> {
    let Some(esbuild) = tools::esbuild()? else { return Ok(source.to_owned()) };
    let minified = output(program(esbuild).args(["--minify", "--target=es2020", name]));
    minified.map(|script| script.trim().to_owned()).with_context(|| format!("esbuild refused {name}"))
}

/// The icon as a data URL, which saves a request on the first view.
fn icon_address() -> anyhow::Result<String> {
    let drawing = fs::read_to_string(root().join("public/icon.svg"))?;
    let mut address = "data:image/svg+xml,".to_owned();
    for character in drawing.trim().chars() {
        match character {
            '"' => address.push('\''),
            '#' | '<' | '>' | '%' => _ = write!(address, "%{:02X}", u32::from(character)),
            other => address.push(other),
        }
    }
    Ok(address)
}

/// Inserts `content` into the empty element `tag` that refers to `source`.
fn fill(html: &str, source: &str, tag: &str, content: &str) -> anyhow::Result<String> {
    let mark = format!(" data-inline=\"{source}\"");
    let (before, after) = html.split_once(&mark).with_context(|| format!("index.html has no{mark}"))?;
    let (attributes, rest) = after.split_once('>').context("an element's start ends")?;
    let rest = rest.strip_prefix(&format!("</{tag}>")).with_context(|| format!("index.html fills{mark}"))?;
    Ok(format!("{before}{attributes}>{content}</{tag}>{rest}"))
}

/// Copies files that are served under their own name.
fn copy_public(dist: &Path) -> anyhow::Result<()> {
    let public = root().join("public");
    for entry in WalkDir::new(&public) {
        let entry = entry?;
        let name = entry.path().strip_prefix(&public)?;
        let text = name.to_string_lossy();
        let elsewhere = matches!(&*text, "boot.js" | "loader.js")
            || text.starts_with("share-")
            || HASHED.iter().any(|(address, _)| address[1..] == text);
        if entry.file_type().is_dir() {
            fs::create_dir_all(dist.join(name))?;
        } else if !elsewhere {
            write_encoded(&dist.join(name), &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Writes a file and its compressed copies, if they are smaller.
pub(crate) fn write_encoded(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let beside = |ending: &str| PathBuf::from(format!("{}.{ending}", path.display()));
    if fs::read(path).is_ok_and(|known| known == content) && beside("br").exists() {
        return Ok(());
    }
    fs::write(path, content)?;
    let text = path.extension().is_some_and(|ending| {
        ["html", "css", "js", "json", "wasm", "svg", "webmanifest"].iter().any(|known| ending == *known)
    });
    if text {
        let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut &content[..], &mut brotli, &parameters)?;
        fs::write(beside("br"), brotli)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(content)?;
        fs::write(beside("gz"), gzip.finish()?)?;
    }
    Ok(())
}

/// Records this build's assets and removes those of builds before the last three.
fn keep_recent(dist: &Path, names: Vec<String>) -> anyhow::Result<()> {
    let list = dist.join("builds");
    let mut builds: Vec<Vec<String>> = match fs::read(&list) {
        Ok(known) => serde_json::from_slice(&known)?,
        Err(_) => Vec::new(),
    };
    if builds.last() != Some(&names) {
        builds.push(names);
    }
    let old = builds.len().saturating_sub(KEPT_BUILDS);
    builds.drain(..old);
    let kept: BTreeSet<&str> = builds.iter().flatten().map(String::as_str).collect();
    for entry in fs::read_dir(dist.join("assets"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let asset = name.trim_end_matches(".br").trim_end_matches(".gz");
        if kept.contains(asset) {
            continue;
        }
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        } else {
            fs::remove_file(&path)?;
        }
    }
    fs::write(list, serde_json::to_vec(&builds)?)?;
    Ok(())
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{KEPT_BUILDS, keep_recent};

    #[test]
    fn assets_of_the_last_three_builds_stay() {
        let dist = std::env::temp_dir().join(format!("campaign-hub-xtask-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).expect("a folder");
        for build in 0..=KEPT_BUILDS {
            let names = [format!("own-{build}.svg"), "shared.svg".to_owned(), format!("app-{build}")];
            fs::create_dir_all(dist.join("assets").join(&names[2])).expect("a folder");
            for name in [&names[0], &format!("own-{build}.svg.br"), &names[1], &format!("app-{build}/app.js")]
            {
                fs::write(dist.join("assets").join(name), "x").expect("a file");
            }
            keep_recent(&dist, names.to_vec()).expect("kept");
            // Building the same again does not count as another build.
            keep_recent(&dist, names.to_vec()).expect("kept");
        }
        let there = |name: &str| dist.join("assets").join(name).exists();
        assert!(!there("own-0.svg") && !there("own-0.svg.br") && !there("app-0"));
        for build in 1..=KEPT_BUILDS {
            for name in ["own-N.svg", "own-N.svg.br", "app-N/app.js"] {
                assert!(there(&name.replace('N', &build.to_string())), "{name} of build {build}");
            }
        }
        assert!(there("shared.svg"));
        fs::remove_dir_all(dist).expect("a folder");
    }
}
