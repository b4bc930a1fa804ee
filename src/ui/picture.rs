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

/// Shows the middle of the drawing with this name, as seen from nearby. It is cut by its
/// own frame: an enlarged one would lie over its neighbours.
#[component]
pub(crate) fn PictureDetail(
    /// The symbol's name in `public/pictures.svg`.
    #[prop(into)]
    name: String,
    /// The class that gives the drawing its size.
    class: &'static str,
) -> impl IntoView {
    let href = [pictures_path().as_str(), "#", &name].concat();
    view! {
        <svg class=class viewBox="40 40 80 80" aria-hidden="true" focusable="false">
            <use href=href width="160" height="160"/>
        </svg>
    }
}

/// Where this build's set of pictures is served from, its name carrying a hash
/// of its content.
#[derive(Clone, Debug)]
pub struct PicturesPath(pub String);

/// The server provides the path; in the browser the document says it, because the module is
/// built before the name is known.
pub(super) fn pictures_path() -> String {
    use_context::<PicturesPath>().map(|path| path.0).unwrap_or_else(|| {
        document().document_element().and_then(|root| root.get_attribute("data-pictures")).unwrap_or_default()
    })
}
