//! A picture from the site's SVG sprite.

use leptos::prelude::*;

/// Shows the picture with this name. It is decorative: the text beside it says the same, so
/// assistive technology skips it.
#[component]
pub(crate) fn Picture(
    /// The symbol's name in `public/pictures.svg`.
    #[prop(into)]
    name: String,
    /// The class that sets its size.
    class: &'static str,
) -> impl IntoView {
    let href = [pictures_path().as_str(), "#", &name].concat();
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=href/>
        </svg>
    }
}

/// Shows the centre of the picture with this name, as a close-up. An SVG of its own crops it:
/// an enlarged picture would cover its neighbours.
#[component]
pub(crate) fn PictureDetail(
    /// The symbol's name in `public/pictures.svg`.
    #[prop(into)]
    name: String,
    /// The class that sets its size.
    class: &'static str,
) -> impl IntoView {
    let href = [pictures_path().as_str(), "#", &name].concat();
    view! {
        <svg class=class viewBox="40 40 80 80" aria-hidden="true" focusable="false">
            <use href=href width="160" height="160"/>
        </svg>
    }
}

/// The URL of this build's sprite, which contains a hash of its content.
#[derive(Clone, Debug)]
pub struct PicturesPath(pub String);

/// The server provides the path; in the browser it is read from the document, because the
/// module is built before the name is known.
pub(super) fn pictures_path() -> String {
    use_context::<PicturesPath>().map(|path| path.0).unwrap_or_else(|| {
        document().document_element().and_then(|root| root.get_attribute("data-pictures")).unwrap_or_default()
    })
}
