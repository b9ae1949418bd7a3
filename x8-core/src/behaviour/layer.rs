//! One layer: lines in four parts, within limits.

use serde::{Deserialize, Serialize};

/// What kind of wish a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// How to speak.
    Style,
    /// What to do.
    Rules,
    /// What not to do.
    Restrictions,
    /// Sentences to use.
    Prompts,
}

impl Part {
    /// Every part, in the order of a layer.
    pub const ALL: [Self; 4] = [Self::Style, Self::Rules, Self::Restrictions, Self::Prompts];

    /// The field's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Rules => "rules",
            Self::Restrictions => "restrictions",
            Self::Prompts => "prompts",
        }
    }
}

/// The wishes of one scope. Absent fields are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layer {
    /// How to speak: "Address customers formally".
    pub style: Vec<String>,
    /// What to do: "Mention the gift card once".
    pub rules: Vec<String>,
    /// What not to do: "Do not recommend other shops".
    pub restrictions: Vec<String>,
    /// Sentences to use: "Your garden thanks you!".
    pub prompts: Vec<String>,
}

/// A limit that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The field: `style`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Layer {
    /// Lines per part.
    pub const MOST_LINES: usize = 20;
    /// Characters per line.
    pub const LONGEST_LINE: usize = 300;
    /// Characters of all lines together: four such layers still make a short prompt.
    pub const MOST_CHARACTERS: usize = 2_000;

    /// The lines of a part.
    #[must_use]
    pub fn part(&self, part: Part) -> &[String] {
        match part {
            Part::Style => &self.style,
            Part::Rules => &self.rules,
            Part::Restrictions => &self.restrictions,
            Part::Prompts => &self.prompts,
        }
    }

    /// Every line with its part.
    pub fn lines(&self) -> impl Iterator<Item = (Part, &str)> {
        let of = |part| {
            self.part(part)
                .iter()
                .map(move |text| (part, text.as_str()))
        };
        Part::ALL.into_iter().flat_map(of)
    }

    /// Every broken limit; none: the layer may be stored.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for part in Part::ALL {
            let lines = self.part(part);
            if lines.len() > Self::MOST_LINES {
                let message = format!("at most {} lines, not {}", Self::MOST_LINES, lines.len());
                let field = part.as_str();
                flaws.push(Flaw { field, message });
            }
            let longest = lines.iter().map(|line| line.chars().count()).max();
            if longest.is_some_and(|longest| longest > Self::LONGEST_LINE) {
                let message = format!("a line has at most {} characters", Self::LONGEST_LINE);
                let field = part.as_str();
                flaws.push(Flaw { field, message });
            }
        }
        let all: usize = self.lines().map(|(_, line)| line.chars().count()).sum();
        if all > Self::MOST_CHARACTERS {
            let most = Self::MOST_CHARACTERS;
            let message = format!("all lines together have at most {most} characters, not {all}");
            let field = "layer";
            flaws.push(Flaw { field, message });
        }
        flaws
    }

    /// Edges and empty lines dropped; white space within a line, also a line break, is one space.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let tidy = |lines: &[String]| -> Vec<String> {
            let words = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
            let lines = lines.iter().map(words);
            lines.filter(|line| !line.is_empty()).collect()
        };
        Self {
            style: tidy(&self.style),
            rules: tidy(&self.rules),
            restrictions: tidy(&self.restrictions),
            prompts: tidy(&self.prompts),
        }
    }
}
