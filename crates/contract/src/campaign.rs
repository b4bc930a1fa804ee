//! The campaign: its week, its focus and demands, ways to take part, the next
//! event, and the years before.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint, Locale, events::EventSummary, news::NewsSummary, query, shop::ProductSummary, time::Date,
};

/// Asks for the current campaign in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindCampaign {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for FindCampaign {
    const PATH: &'static str = "/api/v1/campaign";
    type Response = Campaign;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// Asks for the years before the current campaign, the latest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPastYears {
    /// The language of the texts.
    pub locale: Locale,
}

impl Endpoint for ListPastYears {
    const PATH: &'static str = "/api/v1/past-years";
    type Response = PastYears;

    fn path_and_query(&self) -> String {
        query(Self::PATH, &[("locale", self.locale.tag())])
    }
}

/// The current campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Campaign {
    /// The campaign's name in addresses and files, such as `2027`.
    pub slug: String,
    /// The campaign week, and whether it is upcoming, under way or over.
    pub week: Week,
    /// When this campaign's page was first published.
    pub issued_on: Date,
    /// When the content was last checked and found to be correct.
    pub reviewed_on: Date,
    /// The texts in the language asked for.
    pub text: CampaignText,
    /// The next event that has not ended and is not cancelled, if there is one.
    pub next_event: Option<EventSummary>,
    /// The latest news.
    #[serde(default)]
    pub news: Vec<NewsSummary>,
    /// Some products that are in stock.
    #[serde(default)]
    pub shelf: Vec<ProductSummary>,
    /// The latest three of the years before, the latest first; `html` and
    /// `actions` are empty here, see [`ListPastYears`].
    pub past_years: Vec<PastYear>,
}

/// A campaign week, Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Week {
    /// The Monday.
    pub starts_on: Date,
    /// The Sunday.
    pub ends_on: Date,
    /// Whether the week is upcoming, under way or over, by the server's clock and the UK's
    /// calendar.
    pub state: WeekState,
}

/// How today relates to a week, by the UK's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "name", rename_all = "snake_case", try_from = "ReadWeekState")]
pub enum WeekState {
    /// The week has not started yet.
    Upcoming {
        /// Whole days until its Monday; 1 on the Sunday before.
        days_to_go: u16,
    },
    /// Today is one of its days.
    OnNow {
        /// Which day of it today is, 1 to 7.
        day: u16,
    },
    /// Its Sunday has passed.
    Over,
}

/// A [`WeekState`] for deserialising. Serde would buffer a tagged enum in a value of any type,
/// and that code would add 3 KB to the app.
#[derive(Deserialize)]
struct ReadWeekState {
    name: WeekStateName,
    #[serde(default)]
    days_to_go: Option<u16>,
    #[serde(default)]
    day: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WeekStateName {
    Upcoming,
    OnNow,
    Over,
}

impl TryFrom<ReadWeekState> for WeekState {
    type Error = &'static str;

    fn try_from(read: ReadWeekState) -> Result<Self, &'static str> {
        match (read.name, read.days_to_go, read.day) {
            (WeekStateName::Upcoming, Some(days_to_go), _) => Ok(Self::Upcoming { days_to_go }),
            (WeekStateName::OnNow, _, Some(day)) => Ok(Self::OnNow { day }),
            (WeekStateName::Over, ..) => Ok(Self::Over),
            _ => Err("the state of the week lacks its number of days"),
        }
    }
}

/// The campaign's text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignText {
    /// The campaign's name.
    pub title: String,
    /// One sentence that says what the week is.
    pub summary: String,
    /// What the year is about.
    pub focus: Focus,
    /// What the campaign asks for.
    pub demands: Vec<Demand>,
    /// How to take part.
    pub ways: Vec<CallToAction>,
    /// Why and how to join a union.
    pub join: Join,
}

/// What the year is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Focus {
    /// The focus in a few words.
    pub title: String,
    /// Why it is the focus: sanitised HTML.
    pub html: String,
    /// A content note, shown before the detail.
    pub content_note: String,
    /// The statistic that supports the focus.
    pub figure: Figure,
}

/// A share of people, such as 4 in 5, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// How many people out of [`Self::of`].
    pub count: u8,
    /// The number of people that the share is out of.
    pub of: u8,
    /// What these people have in common, as the end of a sentence that starts with the share.
    pub label: String,
    /// Who published the figure, and when.
    pub source: String,
}

/// Something that the campaign asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Demand {
    /// The demand in a few words.
    pub title: String,
    /// What it means, in a sentence or two.
    pub body: String,
}

/// A call to action: a way to take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallToAction {
    /// The picture shown beside it: a name in the app's set.
    pub picture: String,
    /// What to do, as an instruction.
    pub title: String,
    /// How, in a sentence or two.
    pub body: String,
    /// How long it takes.
    pub effort: String,
    /// The path of the page for this, without the language prefix.
    pub page: String,
}

/// Why and how to join a union.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Join {
    /// The invitation.
    pub title: String,
    /// Why, in a sentence or two.
    pub body: String,
    /// What a union does for a member, a line each.
    pub reasons: Vec<String>,
}

/// The years before the current campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastYears {
    /// The latest first.
    pub years: Vec<PastYear>,
}

/// A year before the current campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastYear {
    /// The year's name in addresses, such as `2024`.
    pub slug: String,
    /// The week's Monday.
    pub starts_on: Date,
    /// The week's Sunday.
    pub ends_on: Date,
    /// The texts in the language asked for.
    pub text: PastYearText,
}

/// A past year's text, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastYearText {
    /// What the year was about.
    pub title: String,
    /// One sentence for the timeline.
    pub summary: String,
    /// The picture shown beside it: a name in the app's set.
    pub picture: String,
    /// What happened: sanitised HTML.
    pub html: String,
    /// What unions did, a line each.
    pub actions: Vec<String>,
}
