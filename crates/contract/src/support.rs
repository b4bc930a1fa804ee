//! Who to contact in confidence if you are being harassed.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Locale, query, time::Date};

/// Asks for the support page in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindSupport {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindSupport {
    const PATH: &'static str = "/api/v1/support";
    type Response = Support;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// Support for people who are being harassed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Support {
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The texts in the language asked for.
    pub text: SupportText,
    /// Contacts of the federation's regions and of the federations in Scotland and Northern
    /// Ireland.
    pub regions: Vec<SupportContact>,
    /// Contacts of the unions.
    pub unions: Vec<SupportContact>,
}

/// The support page's text, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupportText {
    /// The page's heading and title.
    pub title: String,
    /// A summary in one sentence.
    pub summary: String,
    /// A content note, shown before the detail.
    pub content_note: String,
    /// What you can do and what happens when you call: sanitised HTML,
    /// headings from level 2 down.
    pub html: String,
}

/// Someone to call or write to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupportContact {
    /// The slug of the region or the union.
    pub slug: String,
    /// The region or the union.
    pub name: String,
    /// Who answers, by role.
    pub role: String,
    /// The phone number, formatted for display, such as `0161 496 0312`.
    pub telephone: String,
    /// The email address.
    pub email: String,
    /// When calls are answered.
    pub hours: String,
}
