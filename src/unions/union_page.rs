//! A union, or the federation: what it is, what to do, who to contact, and its news, events
//! and courses.

use contract::{
    contacts::ContactPerson,
    unions::{FindUnion, RoleSteps, Union},
};
use leptos::prelude::*;

use crate::{
    api,
    courses::CourseCards,
    events::EventCards,
    i18n::{format, page as page_text, unions as t, use_locale},
    news::NewsCards,
    routes::{self, Route},
    ui::{EmailLink, Head, PageHead, Remote, dial_href},
    videos::Videos,
};

#[component]
pub(crate) fn UnionPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one union to another.
    let slug = routes::param("union");
    let union = api::resource(move || FindUnion { slug: slug.get(), locale });
    view! { <Remote data=union let:union><Content union/></Remote> }
}

#[component]
fn Content(union: Union) -> impl IntoView {
    let locale = use_locale();
    let summary = &union.summary;
    let head = Head {
        title: summary.name.clone(),
        description: summary.summary.clone(),
        route: Some(Route::Union(summary.slug.clone())),
    };
    let reviewed = page_text::reviewed_on(locale, &format::short_date(locale, union.reviewed_on));
    let of_union = |route: Route| [&route.href(locale), "?union=", &summary.slug].concat();
    let [all_events, all_news] = [of_union(Route::Events), of_union(Route::News)];
    let hero = view! { <Hero union=union.clone()/> };
    let Union { html, steps, people, events, courses, news, videos, .. } = union;
    let events = (!events.is_empty()).then(|| {
        view! {
            <Section id="events" title=t::events(locale) more=(all_events, t::all_events(locale))>
                <ul class="event-list" role="list">
                    <EventCards events/>
                </ul>
            </Section>
        }
    });
    let courses = (!courses.is_empty()).then(|| {
        let more = (Route::Courses.href(locale), t::all_courses(locale));
        view! {
            <Section id="courses" title=t::courses(locale) more>
                <ul class="course-list" role="list">
                    <CourseCards courses/>
                </ul>
            </Section>
        }
    });
    let news = (!news.is_empty()).then(|| {
        view! {
            <Section id="news" title=t::news(locale) more=(all_news, t::all_news(locale))>
                <ul class="news-list news-list--short" role="list">
                    <NewsCards items=news/>
                </ul>
            </Section>
        }
    });
    let videos = (!videos.is_empty()).then(|| {
        let more = (Route::Videos.href(locale), t::all_videos(locale));
        view! {
            <Section id="videos" title=t::videos(locale) more>
                <Videos videos level=3/>
            </Section>
        }
    });
    view! {
        <PageHead head/>
        {hero}
        <div class="union-page">
            <div class="wrap prose" inner_html=html></div>
            <Steps steps/>
            <People people/>
            {events}
            {courses}
            {news}
            {videos}
            <p class="wrap reviewed">{reviewed}</p>
        </div>
    }
}

/// The name and the summary, on the union's own colour.
#[component]
fn Hero(union: Union) -> impl IntoView {
    let locale = use_locale();
    let Union { summary, federation, people, .. } = union;
    let jobs = (!summary.jobs.is_empty())
        .then(|| view! { <p>{t::for_jobs(locale)} " " {summary.jobs.join(", ")}</p> });
    let person = people.into_iter().next().filter(|_| !federation);
    let actions = person.map(|person| {
        view! {
            <p class="actions">
                <a class="button button--main" href=["mailto:", &person.email].concat()>{t::join(locale)}</a>
                " "
                <a class="button" href=Route::Join.href(locale)>{t::how_to_join(locale)}</a>
            </p>
        }
    });
    view! {
        <div class="union-hero" data-accent=summary.accent>
            <div class="wrap union-hero__inner">
                <p class="crumb">
                    <a href=Route::Unions.href(locale)>{t::crumb(locale)}</a>
                </p>
                <h1 id="page-heading" tabindex="-1">{summary.name}</h1>
                <p class="lede">{summary.summary}</p>
                {jobs}
                {actions}
            </div>
        </div>
    }
}

#[component]
fn Steps(steps: Vec<RoleSteps>) -> impl IntoView {
    let locale = use_locale();
    (!steps.is_empty()).then(|| {
        let roles = steps
            .into_iter()
            .map(|role| {
                let steps = role.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
                view! {
                    <div class="union-steps__role">
                        <h3>{role.title}</h3>
                        <ol>{steps}</ol>
                    </div>
                }
            })
            .collect_view();
        let more = (Route::TakePart.href(locale), t::all_steps(locale));
        view! {
            <Section id="steps" title=t::steps(locale) more>
                <div class="union-steps">{roles}</div>
            </Section>
        }
    })
}

#[component]
fn People(people: Vec<ContactPerson>) -> impl IntoView {
    let locale = use_locale();
    let people = people
        .into_iter()
        .map(|person| {
            view! {
                <li class="contact">
                    <h3 class="contact__name">{person.role}</h3>
                    <p class="contact__role">{person.about}</p>
                    <p>
                        <a class="contact__telephone" href=dial_href(&person.telephone)>
                            {person.telephone.clone()}
                        </a>
                    </p>
                    <p>
                        <EmailLink email=person.email/>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section id="contacts" title=t::contacts(locale)>
            <ul class="contact-list" role="list">{people}</ul>
        </Section>
    }
}

/// A section of the page, with a link to the full list.
#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    /// A URL, and the text of the link.
    #[prop(optional)]
    more: Option<(String, &'static str)>,
    children: Children,
) -> impl IntoView {
    let title_id = [id, "-title"].concat();
    let more = more.map(|(href, label)| {
        view! {
            <p>
                <a class="more" href=href>{label}</a>
            </p>
        }
    });
    view! {
        <section class="wrap section" aria-labelledby=title_id.clone() id=id>
            <h2 id=title_id.clone()>{title}</h2>
            {children()}
            {more}
        </section>
    }
}
