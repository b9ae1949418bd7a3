//! Builds the wheel into a virtual environment and runs the Python side: pytest, doctests, stubtest, mypy --strict.
//!
//! Needs Python 3.10 or newer with `venv`; without it the test fails and says how to mend that.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

#[cfg(test)]
#[path = "../../x8-assistant/tests/it/guard/recorded.rs"]
mod recorded;

/// Runs a command in the crate's folder and fails with everything it printed.
fn run(what: &str, command: &mut Command) -> Result<(), String> {
    let output = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .map_err(|error| format!("{what}: {error}\nInstall Python 3.10 or newer with venv (Debian: apt-get install python3 python3-venv)."))?;
    if output.status.success() {
        return Ok(());
    }
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    Err(format!("{what} failed ({}):\n{out}\n{err}", output.status))
}

fn python() -> String {
    std::env::var("PYTHON").unwrap_or_else(|_unset| "python3".to_owned())
}

/// The environment is kept between runs: installing its tools is most of the time.
fn environment(target: &Path) -> Result<PathBuf, String> {
    let home = target.join("x8-py-venv");
    let interpreter = home.join("bin").join("python");
    if !interpreter.exists() {
        run(
            "making a virtual environment",
            Command::new(python()).args(["-m", "venv"]).arg(&home),
        )
        .inspect_err(|_failed| {
            // Without the venv package an interpreter is left behind that has no pip: the next run must not take it.
            let _gone = std::fs::remove_dir_all(&home);
        })?;
    }
    let tools = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "maturin>=1.9.4,<2",
        "pytest",
        "mypy",
    ];
    run(
        "installing maturin, pytest and mypy",
        Command::new(&interpreter).args(tools),
    )?;
    Ok(interpreter)
}

#[test]
fn py1_the_wheel_builds_and_its_python_tests_pass() -> Result<(), String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned();
    let interpreter = environment(&target)?;
    let wheels = target.join("wheels");
    let _fresh = std::fs::remove_dir_all(&wheels);
    let build = [
        "-m",
        "maturin",
        "build",
        "--quiet",
        "--locked",
        "--profile",
        "dev",
        "--out",
    ];
    let mut maturin = Command::new(&interpreter);
    maturin
        .args(build)
        .arg(&wheels)
        .arg("--target-dir")
        .arg(target.join("maturin"));
    run("building the wheel", &mut maturin)?;
    let wheel = std::fs::read_dir(&wheels)
        .map_err(|error| error.to_string())?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "whl"))
        .ok_or("maturin made no wheel")?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--force-reinstall",
        "--no-deps",
    ];
    run(
        "installing the wheel",
        Command::new(&interpreter).args(install).arg(&wheel),
    )?;
    checks(&interpreter, &verdicts(&target)?)
}

/// Recorded replies with the guard's own bytes, for the Python tests. HTTP and the command line are held to the same in
/// `x8-http/tests/it/guard.rs`.
fn verdicts(target: &Path) -> Result<PathBuf, String> {
    let case = |one: &recorded::Recorded| {
        json!({
            "name": one.name, "catalogue": one.catalogue, "type": one.kind_word(), "context": one.context,
            "reply": one.reply, "raw": one.raw(), "verdict": one.verdict,
        })
    };
    let cases: Vec<Value> = recorded::recorded(9).iter().map(case).collect();
    let all = json!({ "cases": cases, "context_keys": recorded::context_keys() });
    let file = target.join("verdicts.json");
    std::fs::write(&file, all.to_string()).map_err(|error| error.to_string())?;
    Ok(file)
}

/// Everything that is run against the installed package.
fn checks(interpreter: &Path, verdicts: &Path) -> Result<(), String> {
    let mut pytest = Command::new(interpreter);
    pytest
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .env("X8_TEST_VERDICTS", verdicts);
    run("pytest", &mut pytest)?;
    for module in ["__init__", "_assistant", "_finding"] {
        run(
            "the package's doctests",
            Command::new(interpreter)
                .args(["-m", "doctest"])
                .arg(format!("python/x8/{module}.py")),
        )?;
    }
    run(
        "stubtest",
        Command::new(interpreter).args(["-m", "mypy.stubtest", "x8"]),
    )?;
    run(
        "mypy --strict",
        Command::new(interpreter).args(["-m", "mypy", "--strict", "tests/python"]),
    )?;
    run(
        "mypy --strict of the package",
        Command::new(interpreter).args(["-m", "mypy", "--strict", "-p", "x8"]),
    )
}
