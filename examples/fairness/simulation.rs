//! A made-up server of which it is known how good every song is: people with tastes of their own
//! come and go, rate what moves them, and are silent else. Then scores are compared by how well
//! their order is the true one, among people who play fair and among people who do not. It knows
//! nothing of the bot but the formulas of `domain::leaderboard`.

use rondo::domain::ids::{MemberId, TurnId};
use rondo::domain::leaderboard::{
    Bar, Board, Boards, Ear, Figures, Line, PastPlay, Period, Subject, make,
};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::Stars;
use rondo::domain::settings::Settings;
use rondo::domain::track::TrackKey;
use std::collections::BTreeMap;
use std::time::Duration;

const LOOPERS: usize = 24;
const TRACKS_EACH: usize = 12;
const PEOPLE: usize = 70;
const DAYS: u64 = 80;
const PLAYS_A_DAY: u64 = 25;
/// Most friends of one looper, and how much more they like what that one plays.
const FRIENDS: usize = 8;
const FONDNESS: f64 = 1.0;
/// Accounts of a farm, and people who gang up.
const FARM: usize = 20;
const BRIGADE: usize = 12;
const NOW: Moment = Moment(1_790_000_000_000);

/// What people are up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scene {
    /// Everybody rates what they feel, and comes when it suits them.
    Clean,
    /// As people are: everybody who plays has some friends, who come when they do and like what
    /// they play more than it is worth.
    Friends,
    /// Twenty accounts sit there all day and rate nothing but one looper's songs, with 5.
    Farm,
    /// Twelve regulars give 1 to one looper whatever they play, and 5 to another.
    Brigade,
}

impl Scene {
    pub(crate) const ALL: [Scene; 4] = [Scene::Clean, Scene::Friends, Scene::Farm, Scene::Brigade];
}

/// Ways to score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// Rondo's track index and looper index.
    Index,
    /// Sum of the stars.
    Sum,
    /// Mean of the stars.
    Mean,
    /// Lower bound of the share of likes (3 stars and more) at 95 % (Wilson 1927).
    Wilson,
    /// Mean of the stars, but of those only who count for Rondo: what the rule about who counts does
    /// without the formulas.
    MeanOfCounting,
}

impl Way {
    pub(crate) const ALL: [Way; 5] = [
        Way::Index,
        Way::Sum,
        Way::Mean,
        Way::Wilson,
        Way::MeanOfCounting,
    ];
}

/// How well a way does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Result {
    /// Spearman's rank correlation with the true quality; 1 is the true order.
    pub(crate) tracks: f64,
    pub(crate) loopers: f64,
    /// How many places the looper in question stands too high (the farm's owner, the brigade's
    /// friend), and too low (its victim).
    pub(crate) friend: f64,
    pub(crate) victim: f64,
}

/// `SplitMix64`, seeded.
struct Chance(u64);

impl Chance {
    /// From 0 up to 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bits = u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits");
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// Normally distributed (Box and Muller).
    fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let (a, b) = (1.0 - self.share(), self.share());
        mean + deviation * (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    fn is(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// One of so many, by weight.
    fn of(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }
}

struct Person {
    member: MemberId,
    /// How kind they are to everything.
    generosity: f64,
    /// How often they show what they feel.
    zeal: f64,
    /// How often they are there.
    presence: f64,
}

struct Looper {
    /// True quality of each of their tracks.
    tracks: Vec<f64>,
    /// How often they play.
    activity: f64,
    /// How full the room is when they do: some only come at night.
    room: f64,
    /// Places of their friends in `people`.
    friends: Vec<usize>,
}

struct Server {
    loopers: Vec<Looper>,
    people: Vec<Person>,
    /// Places in `loopers`.
    friend: usize,
    victim: usize,
}

/// An account that was made so long before now.
fn account(age: Duration, n: usize) -> MemberId {
    let made_at = u64::try_from((NOW - age).0).expect("after 1970") - 1_420_070_400_000;
    MemberId((made_at << 22) + u64::try_from(n).expect("few"))
}

fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

impl Server {
    fn new(chance: &mut Chance) -> Server {
        let loopers: Vec<Looper> = (0..LOOPERS)
            .map(|_| {
                let taste = chance.normal(0.0, 0.6);
                Looper {
                    tracks: (0..TRACKS_EACH)
                        .map(|_| chance.normal(taste, 0.7))
                        .collect(),
                    activity: chance.normal(0.0, 0.7).exp(),
                    room: 0.1 + 0.6 * chance.share(),
                    friends: (0..chance.of(&[1.0; FRIENDS + 1]))
                        .map(|_| chance.of(&[1.0; PEOPLE]))
                        .collect(),
                }
            })
            .collect();
        let people = (0..PEOPLE)
            .map(|n| Person {
                member: account(days(1_000), n),
                generosity: chance.normal(0.2, 0.6),
                zeal: 0.1 + 0.7 * chance.share(),
                presence: 0.2 + 0.8 * chance.share(),
            })
            .collect();
        let mut by_quality: Vec<usize> = (0..LOOPERS).collect();
        by_quality.sort_by(|a, b| loopers[*b].quality().total_cmp(&loopers[*a].quality()));
        Server {
            friend: by_quality[LOOPERS * 2 / 3],
            victim: by_quality[3],
            loopers,
            people,
        }
    }

    fn history(&self, scene: Scene, chance: &mut Chance) -> Vec<PastPlay> {
        let activity: Vec<f64> = self.loopers.iter().map(|it| it.activity).collect();
        let plays = DAYS * PLAYS_A_DAY;
        (1..=plays)
            .map(|turn| {
                let looper = chance.of(&activity);
                let track = chance.of(&[1.0; TRACKS_EACH]);
                let age = Duration::from_secs((plays - turn) * 86_400 / PLAYS_A_DAY);
                PastPlay {
                    turn: TurnId(turn),
                    looper: looper_id(looper),
                    track: track_key(looper, track),
                    began_at: NOW - age,
                    played: Duration::from_mins(4),
                    ears: self.ears(scene, (looper, track), chance),
                }
            })
            .collect()
    }

    fn ears(&self, scene: Scene, (looper, track): (usize, usize), chance: &mut Chance) -> Vec<Ear> {
        let (room, quality) = (
            self.loopers[looper].room,
            self.loopers[looper].tracks[track],
        );
        let mut ears = Vec::new();
        for (n, person) in self.people.iter().enumerate() {
            let ganged = scene == Scene::Brigade && n < BRIGADE;
            let ordered = match looper {
                it if ganged && it == self.friend => Some(5),
                it if ganged && it == self.victim => Some(1),
                _ => None,
            };
            // A brigade is called when its time has come.
            let is_friend = scene == Scene::Friends && self.loopers[looper].friends.contains(&n);
            let called = ordered.is_some() || is_friend;
            let comes = chance.is(room * person.presence) || (called && chance.is(0.7));
            let fondness = if is_friend { FONDNESS } else { 0.0 };
            let felt = chance.normal(quality + person.generosity + fondness, 0.9);
            let stays = chance.is(0.92);
            let shows = chance.is(person.zeal * (0.3 + 0.7 * (felt.abs() / 1.5).min(1.0)));
            let grabs = felt > 1.8 && chance.is(0.3);
            if !comes {
                continue;
            }
            let own = if shows { stars(felt) } else { 0 };
            let mut ear = ear(person.member, ordered.unwrap_or(own));
            ear.grabbed = stays && (grabs || ordered == Some(5));
            if !stays {
                ear.heard_ms = 60_000;
            }
            ears.push(ear);
        }
        if scene == Scene::Farm {
            // Made and let in ten days before the first play: old enough by any rule about age.
            let bought = |n| account(days(DAYS + 10), 1_000 + n);
            let given = if looper == self.friend { 5 } else { 0 };
            ears.extend((0..FARM).map(|n| ear(bought(n), given)));
        }
        ears
    }
}

impl Looper {
    fn quality(&self) -> f64 {
        self.tracks.iter().sum::<f64>() / float(self.tracks.len())
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("few"))
}

fn looper_id(looper: usize) -> MemberId {
    MemberId(u64::try_from(looper).expect("few") + 1)
}

fn track_key(looper: usize, track: usize) -> TrackKey {
    TrackKey(format!("{looper}:{track}"))
}

fn stars(felt: f64) -> u8 {
    match felt {
        felt if felt < -1.2 => 1,
        felt if felt < -0.3 => 2,
        felt if felt < 0.6 => 3,
        felt if felt < 1.5 => 4,
        _ => 5,
    }
}

fn ear(member: MemberId, stars: u8) -> Ear {
    Ear {
        member,
        heard_ms: 240_000,
        has_heard: true,
        stars: Stars::new(stars),
        grabbed: false,
        voided: false,
        member_for_s: u32::try_from(days(30).as_secs()).expect("a month"),
    }
}

/// Scores by subject.
type Scores = BTreeMap<Subject, f64>;

fn by_index(boards: &Boards, wanted: &[Board]) -> Scores {
    let sheets = wanted
        .iter()
        .map(|board| &boards.sheets[&(*board, Period::All)]);
    let lines = sheets.flat_map(|sheet| sheet.listed.iter());
    let score = |line: &Line| match line.figures {
        Figures::Track { index, .. } | Figures::Looper { index, .. } => index,
        Figures::Listener { heard, .. } => heard.as_secs_f64(),
        Figures::Collection { saves, plays } => f64::from(saves + plays),
    };
    lines
        .map(|line| (line.subject.clone(), score(line)))
        .collect()
}

/// The scores that others take, from the ratings of those who heard half.
fn by_stars(
    history: &[PastPlay],
    way: Way,
    counts: &dyn Fn(MemberId) -> bool,
    subject: fn(&PastPlay) -> Subject,
) -> Scores {
    let mut ratings: BTreeMap<Subject, Vec<f64>> = BTreeMap::new();
    for play in history {
        let given = ratings.entry(subject(play)).or_default();
        let heard = play.ears.iter().filter(|ear| ear.heard_ms >= 120_000);
        let stars = heard
            .filter(|ear| counts(ear.member))
            .filter_map(|ear| ear.stars);
        given.extend(stars.map(|stars| f64::from(stars.get())));
    }
    let score = |stars: &[f64]| {
        let (n, sum) = (float(stars.len()), stars.iter().sum::<f64>());
        match way {
            Way::Sum => sum,
            Way::Wilson => wilson(float(stars.iter().filter(|it| **it >= 3.0).count()), n),
            _ if stars.is_empty() => 0.0,
            _ => sum / n,
        }
    };
    ratings
        .into_iter()
        .map(|(subject, stars)| (subject, score(&stars)))
        .collect()
}

/// The lower bound of Wilson's interval at 95 % for `likes` of `n`.
fn wilson(likes: f64, n: f64) -> f64 {
    const Z: f64 = 1.96;
    if n == 0.0 {
        return 0.0;
    }
    let (p, z2) = (likes / n, Z * Z);
    (p + z2 / (2.0 * n) - Z * ((p * (1.0 - p) + z2 / (4.0 * n)) / n).sqrt()) / (1.0 + z2 / n)
}

/// Positions by value, the largest first, from 1; equal ones share their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let above = values.iter().filter(|it| *it > value).count();
        let below = values.iter().filter(|it| *it < value).count();
        let equal = values.len() - above - below;
        float(above) + f64::midpoint(float(equal), 1.0)
    };
    values.iter().map(rank).collect()
}

/// Spearman's rank correlation.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let mean = f64::midpoint(float(a.len()), 1.0);
    let sum = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt()
}

fn track_subject(play: &PastPlay) -> Subject {
    Subject::Track(play.track.clone())
}

fn looper_subject(play: &PastPlay) -> Subject {
    Subject::Member(play.looper)
}

/// How well every way does on one server.
fn compare(seed: u64, scene: Scene) -> BTreeMap<Way, Result> {
    let mut chance = Chance(seed);
    let server = Server::new(&mut chance);
    let history = server.history(scene, &mut chance);
    let bar = Bar::from(&Settings::default());
    let boards = make(&history, &bar, NOW);
    // Everything is compared on what Rondo lists, so that all have the same to put in order.
    let tracks = by_index(&boards, &[Board::Tracks]);
    let loopers = by_index(&boards, &[Board::Loopers, Board::Rookies]);
    let standings = &boards.standings;
    let counting = |member: MemberId| standings.get(&member).is_some_and(|it| it.counts);
    let everybody = |_: MemberId| true;
    let mut results = BTreeMap::new();
    for way in Way::ALL {
        let counts: &dyn Fn(MemberId) -> bool = match way {
            Way::MeanOfCounting => &counting,
            _ => &everybody,
        };
        let (of_tracks, of_loopers) = match way {
            Way::Index => (tracks.clone(), loopers.clone()),
            _ => (
                by_stars(&history, way, counts, track_subject),
                by_stars(&history, way, counts, looper_subject),
            ),
        };
        results.insert(
            way,
            server.judge((&tracks, &of_tracks), (&loopers, &of_loopers)),
        );
    }
    results
}

impl Server {
    fn judge(&self, tracks: (&Scores, &Scores), loopers: (&Scores, &Scores)) -> Result {
        let scores = |(listed, by): (&Scores, &Scores)| -> Vec<f64> {
            listed
                .keys()
                .map(|it| by.get(it).copied().unwrap_or(0.0))
                .collect()
        };
        let truth = |listed: &Scores| -> Vec<f64> {
            let quality: BTreeMap<Subject, f64> = self.truth();
            listed.keys().map(|it| quality[it]).collect()
        };
        let (found, right) = (scores(loopers), truth(loopers.0));
        let (found_ranks, right_ranks) = (ranks(&found), ranks(&right));
        let too_high = |looper: usize| {
            let subject = Subject::Member(looper_id(looper));
            let at = loopers.0.keys().position(|it| *it == subject);
            at.map_or(0.0, |at| right_ranks[at] - found_ranks[at])
        };
        Result {
            tracks: correlation(&scores(tracks), &truth(tracks.0)),
            loopers: correlation(&found, &right),
            friend: too_high(self.friend),
            victim: -too_high(self.victim),
        }
    }

    fn truth(&self) -> BTreeMap<Subject, f64> {
        let mut truth = BTreeMap::new();
        for (looper, it) in self.loopers.iter().enumerate() {
            truth.insert(Subject::Member(looper_id(looper)), it.quality());
            for (track, quality) in it.tracks.iter().enumerate() {
                truth.insert(Subject::Track(track_key(looper, track)), *quality);
            }
        }
        truth
    }
}

/// The mean over so many servers.
pub(crate) fn run(servers: u64, scene: Scene) -> BTreeMap<Way, Result> {
    let mut means: BTreeMap<Way, Result> = BTreeMap::new();
    let share = 1.0 / f64::from(u32::try_from(servers).expect("few"));
    for seed in 1..=servers {
        for (way, one) in compare(seed, scene) {
            let mean = means.entry(way).or_default();
            mean.tracks += share * one.tracks;
            mean.loopers += share * one.loopers;
            mean.friend += share * one.friend;
            mean.victim += share * one.victim;
        }
    }
    means
}
