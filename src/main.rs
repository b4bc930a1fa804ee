//! Starts the app in the browser: takes over a page that the server rendered,
//! or mounts where there is none, and nothing else.

fn main() {
    #[cfg(target_arch = "wasm32")]
    campaign_hub::start();
}
