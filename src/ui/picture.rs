//! A drawing from the site's one set of pictures.

use leptos::prelude::*;

/// Shows the drawing with this name. It is decoration: what it shows stands in
/// words beside it, so assistive technology skips it.
#[component]
pub(crate) fn Picture(
    /// The symbol's name in `public/pictures.svg`.
    #[prop(into)]
    name: String,
    /// The class that gives the drawing its size.
    class: &'static str,
) -> impl IntoView {
    let href = [pictures_path().as_str(), "#", &name].concat();
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=href/>
        </svg>
    }
}

/// Where this build's set of pictures is served from, its name carrying a hash
/// of its content.
#[derive(Clone, Debug)]
pub struct PicturesPath(pub String);

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn pictures_path() -> String {
    use_context::<PicturesPath>().map(|path| path.0).unwrap_or_default()
}

/// The document says where, because the module is built before the name is
/// known.
#[cfg(target_arch = "wasm32")]
pub(super) fn pictures_path() -> String {
    document().document_element().and_then(|root| root.get_attribute("data-pictures")).unwrap_or_default()
}
