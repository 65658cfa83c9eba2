//! Music of whoever runs the bench.

use std::path::PathBuf;

/// Files of music in the folder that the variable `MUSIC` names and in those below, by name.
pub(crate) fn music() -> anyhow::Result<Vec<PathBuf>> {
    const ENDINGS: [&str; 7] = ["flac", "m4a", "mp3", "ogg", "oga", "opus", "wav"];
    let Some(folder) = std::env::var_os("MUSIC").filter(|name| !name.is_empty()) else {
        return Ok(Vec::new());
    };
    let (mut found, mut waiting) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let ending = path
                .extension()
                .and_then(|it| it.to_str())
                .map(str::to_lowercase);
            if path.is_dir() {
                waiting.push(path);
            } else if ending.is_some_and(|it| ENDINGS.contains(&it.as_str())) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
