//! Choosing tools by words.

pub struct Selected {
    pub id: String,
    pub score: f32,
}

pub fn select(_text: &str, _limit: usize) -> Vec<Selected> {
    Vec::new()
}
