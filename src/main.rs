//! Starts the app in the browser: hydrates a page rendered by the server, or mounts the app if
//! there is none.

fn main() {
    #[cfg(target_arch = "wasm32")]
    campaign_hub::start();
}
