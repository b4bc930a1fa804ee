//! The home page: the week, its focus, and how to take part.

use contract::campaign::{Campaign, CampaignText, FindCampaign, Join};
use leptos::prelude::*;

use super::{
    focus::FocusSection,
    hero::Hero,
    lists::{CallsToAction, Demands, Timeline},
};
use crate::{
    api,
    contacts::FinderSection,
    events::NextEvent,
    i18n::{format, home as t, use_locale},
    news::LatestNews,
    routes::Route,
    shop::FeaturedProducts,
    ui::{ExitButton, Head, PageHead, Picture, Remote},
};

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let locale = use_locale();
    let campaign = api::resource(move || FindCampaign { locale });
    view! { <Remote data=campaign let:campaign><Home campaign/></Remote> }
}

#[component]
fn Home(campaign: Campaign) -> impl IntoView {
    let locale = use_locale();
    let Campaign { week, issued_on, reviewed_on, text, next_event, news, shelf, past_years, .. } = campaign;
    let CampaignText { title, summary, focus, demands, ways, join } = text;
    let head = Head { title: title.clone(), description: summary.clone(), route: Some(Route::Home) };
    let [issued_on, reviewed_on] = [issued_on, reviewed_on].map(|date| format::short_date(locale, date));
    view! {
        <PageHead head/>
        <ExitButton/>
        <Hero title summary week/>
        <FocusSection focus/>
        <SupportSection/>
        <Demands demands/>
        <CallsToAction calls=ways/>
        <FinderSection/>
        {next_event.map(|event| view! { <NextEvent event/> })}
        <LatestNews items=news/>
        <FeaturedProducts products=shelf/>
        <Timeline years=past_years/>
        <JoinSection join/>
        <p class="wrap reviewed">{t::issued_and_reviewed(locale, &issued_on, &reviewed_on)}</p>
    }
}

/// Offers support to visitors who are being harassed, before the campaign asks for anything.
#[component]
fn SupportSection() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="support-banner" id="support" aria-labelledby="support-title">
            <div class="support-banner__inner wrap">
                <div>
                    <h2 id="support-title">{t::support_title(locale)}</h2>
                    <p>{t::support_body(locale)}</p>
                </div>
                " "
                <a class="button" href=Route::Support.href(locale)>{t::support_action(locale)}</a>
            </div>
        </section>
    }
}

#[component]
fn JoinSection(join: Join) -> impl IntoView {
    let locale = use_locale();
    let reasons = join.reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
    view! {
        <section class="join" id="join" aria-labelledby="join-title">
            <div class="join__inner wrap">
                <div class="join__text">
                    <h2 id="join-title">{join.title}</h2>
                    <p>{join.body}</p>
                    <a class="button button--main" href=Route::Join.href(locale)>{t::join_action(locale)}</a>
                </div>
                <ul class="join__reasons" role="list">{reasons}</ul>
                <Picture name="hands" class="join__picture"/>
            </div>
        </section>
    }
}
