//! The web apps are part of the binary: it is compiled anew when they were built anew.

#[allow(clippy::print_stdout, reason = "how a build script speaks with cargo")]
fn main() {
    for app in ["shop", "store", "console"] {
        println!("cargo::rerun-if-changed=../../apps/{app}/dist/index.html");
    }
}
