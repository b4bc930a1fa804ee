//! A report in Markdown that is saved section by section, because each takes minutes and may
//! fail.

use std::{
    fs,
    path::{Path, PathBuf},
};

const SECTION: &str = "\n## ";

pub(crate) struct Report {
    target: PathBuf,
    text: String,
}

impl Report {
    /// A report with this heading; `keeps_sections` keeps the sections of an existing file.
    pub(crate) fn open(target: &Path, heading: String, keeps_sections: bool) -> anyhow::Result<Self> {
        let mut text = heading;
        if keeps_sections {
            let known = fs::read_to_string(target)?;
            if let Some((_, sections)) = known.split_once(SECTION) {
                text.push_str(SECTION);
                text.push_str(sections);
            }
        }
        Ok(Self { target: target.to_owned(), text })
    }

    /// Replaces the section with the same title, or appends it, and writes the file.
    pub(crate) fn keep(&mut self, section: &str) -> anyhow::Result<()> {
        self.text = with_section(&self.text, section);
        fs::write(&self.target, &self.text)?;
        eprintln!("{section}\nwritten to {}", self.target.display());
        Ok(())
    }
}

/// The section of a report with this title; empty if there is none.
pub(crate) fn section<'a>(report: &'a str, wanted: &str) -> &'a str {
    report.split(SECTION).skip(1).find(|section| title(section) == wanted).unwrap_or_default()
}

fn with_section(report: &str, section: &str) -> String {
    let own = section.trim_start_matches(SECTION);
    let mut sections: Vec<&str> = report.split(SECTION).collect();
    match sections.iter().skip(1).position(|known| title(known) == title(own)) {
        Some(index) => sections[index + 1] = own,
        None => sections.push(own),
    }
    sections.join(SECTION)
}

fn title(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{section, with_section};

    #[test]
    fn a_section_takes_the_place_of_the_one_of_its_title() {
        let report = "# Report\n";
        let one = with_section(report, "\n## One\n\n1\n");
        let both = with_section(&one, "\n## Two\n\n2\n");
        assert_eq!(both, "# Report\n\n## One\n\n1\n\n## Two\n\n2\n");
        assert_eq!(with_section(&both, "\n## One\n\n3\n"), both.replace('1', "3"));
    }

    #[test]
    fn a_section_ends_where_the_next_one_starts() {
        let report = "# Report\n\n## One\n\n1\n\n## Two\n\n2\n";
        assert_eq!(section(report, "One"), "One\n\n1\n");
        assert_eq!(section(report, "Two"), "Two\n\n2\n");
        assert_eq!(section(report, "Report"), "");
    }
}
