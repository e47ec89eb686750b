// Written by `make docs` from the addresses of the API; docs/api.md says what they mean.

/** The low and the high edge of both axes in data units: x0, x1, y0, y1. */
export type Box = [number, number, number, number];

/** Segments to be played one after the other. */
export interface Ahead {
  /** In the order in which they play. */
  segments: Segment[];
}

/** Segments whose number lies between two edges. */
export interface Bin {
  low: number;
  /** Which the bin does not hold. */
  high: number;
  /** Of the collection. */
  n_all: number;
  /** Of those that match what the filter says of everything else. */
  n_matching: number;
}

/** What is stored, and what to do next. */
export interface Collection {
  n_tracks: number;
  /** Tracks whose file is missing. */
  n_missing: number;
  /** Tracks that could not be read or extracted. */
  n_failed: number;
  /** Null when there is something to show. */
  next_step: NextStep | null;
  networks: Network[];
  fields: Field[];
}

/** What colours the points, and what their levels mean. Unless the scale is `shown` it stays the same while you pan and zoom. */
export interface Colour {
  /** As it was asked for. */
  name: string;
  /** `number`, `difference` (a number below or above zero) or `word`. */
  kind: string;
  /** Of numbers: `activation`, `difference`, `year` or `seconds`. */
  unit: string | null;
  scale: "rank" | "shown" | "value";
  /** The smallest number of each level from 0 to 254; empty for words. */
  values: number[];
  /** Numbers to write beside the ramp; empty for words. */
  marks: ColourMark[];
  /** Whether 99 % of the collection are so small that the ramp does not reach its end. */
  weak: boolean;
  /** Levels of each word's colour, from faint to strong: `level = colour * steps + step`. */
  steps: number;
  /** The commonest first; empty for numbers. */
  categories: ColourCategory[];
  /** Points sent that have no value: level 255. */
  n_without: number;
}

/** A word on the legend of a colour. */
export interface ColourCategory {
  /** Null for all words that are not among the commonest. */
  word: string | null;
  /** 0 to 11, which stays with the word; 12 for all others. */
  colour: number;
  /** Segments of the collection that have it. */
  n: number;
}

/** A number on the scale of a colour. */
export interface ColourMark {
  /** So many percent of the collection's segments do not exceed it. */
  percent: number;
  value: number;
  level: number;
}

/** Where a column is. */
export interface Column {
  name: string;
  /** How its values are stored: `uint32`, `uint16` or `uint8`. */
  type: string;
  /** From the end of the header, in bytes. */
  offset: number;
}

/** What may be written at a place. */
export interface Completion {
  /** Where what suggestions replace ends. */
  end: number;
  suggestions: Suggestion[];
}

/** A tag inside a selection, beside the whole collection. */
export interface ContrastedTag {
  label: string;
  /** Selected segments that are among the strongest tenth of the collection. */
  n_strong: number;
  /** Of the selected segments, those that are. */
  share: number;
  /** Of all segments; about .1, more where many share a value. */
  share_of_all: number;
  /** `share` divided by `share_of_all`. */
  lift: number;
  /** Of the selected segments among all, 0 to 1; .5 is the whole collection's. */
  mean_rank: number;
}

/** A word of tracks. */
export interface CountedWord {
  word: string;
  /** Segments of the collection whose tracks have it. */
  n_all: number;
  /** Of those that match what the filter says of everything else. */
  n_matching: number;
  /** Whether the filter asks for it. */
  kept: boolean;
}

/** Every error has this shape. */
export interface ErrorAnswer {
  error: ErrorDetails;
}

/** What failed. */
export interface ErrorDetails {
  /** A stable name, for programs. */
  code: string;
  /** One sentence that names what failed, with its value. */
  message: string;
  /** The next step; empty where there is none. */
  hint: string;
}

/** Why a step went wrong for a track. */
export interface Failure {
  track_id: number;
  /** Of its file, in AUDIO_DIR. */
  path: string;
  step: string;
  severity: string;
  code: string;
  message: string;
  hint: string;
  happened_at: string;
}

/** How many tracks have a failure of one kind. */
export interface FailureCount {
  /** `index`, `metadata` or `extract`. */
  step: string;
  /** `error`: the step gave nothing; `warning`: it gave a result to doubt. */
  severity: string;
  code: string;
  n_tracks: number;
}

/** Something that is known of at least one track, and can colour a map. */
export interface Field {
  /** As `colour=field/<name>` names it. */
  name: string;
  title: string;
  /** `number` or `word`. */
  kind: string;
}

/** The server is well. */
export interface Health {
  status: string;
}

/** How the segments of a network spread over a tag or a field, and how those that match everything else do. */
export interface Histogram {
  /** As it was asked for. */
  of: string;
  /** Of numbers; null for words. */
  unit: "activation" | "seconds" | "year" | null;
  /** The lowest first; empty for words. */
  bins: Bin[];
  /** Whether the last bin holds all that is larger, too. */
  unbounded: boolean;
  /** The filter leaves what is at least this; null for no lower end. */
  low: number | null;
  /** The filter leaves what is less than this; null for no upper end. */
  high: number | null;
  /** Those asked for first, then the commonest; empty for numbers. */
  words: CountedWord[];
  /** How many words there are in all. */
  n_words: number;
  /** Segments of which it is not known. */
  n_without: number;
}

export type Layer = "activations" | "embeddings";

/** A segment in a table. */
export interface ListedSegment {
  row: number;
  track: Track;
  /** Which segment of its track, from 0. */
  index: number;
  /** The first row of its track; its last is `first_row + n_segments - 1`. */
  first_row: number;
  /** How many segments its track has. */
  n_segments: number;
  start_s: number;
  end_s: number;
  /** The strongest first; empty for networks without a tag space. */
  tags: TagValue[];
  /** Of the colour asked for, rounded to 4 decimals; null where the segment has no number. */
  value: number | null;
  /** Of the colour asked for; null where the segment has no word. */
  word: string | null;
}

/** A track of a selection. */
export interface ListedTrack {
  track: Track;
  /** How many of its segments are selected. */
  n_selected: number;
  /** How many it has. */
  n_segments: number;
  /** Its first selected segment. */
  row: number;
}

/** What a filter matches in the whole collection. */
export interface Matches {
  /** One spelling for all filters that say the same; empty where there is a problem. */
  text: string;
  /** Segments of the network that match. */
  n_segments: number;
  /** Tracks with such a segment. */
  n_tracks: number;
  /** Why nothing matches; empty where something does. */
  reason: string;
  /** Null where the text is a filter. */
  problem: Problem | null;
}

/** A track that a region is called by. */
export interface NamedTrack {
  id: number;
  title: string;
  artist: string | null;
}

/** A view under a name. */
export interface NamedView {
  id: number;
  name: string;
  /** The query of its address, without the question mark. */
  query: string;
}

/** Every view that has a name. */
export interface NamedViews {
  /** By name. */
  views: NamedView[];
}

/** A filter. */
export interface Narrowed {
  /** Empty where every segment matches. */
  filter: string;
}

/** A segment that sounds like another. */
export interface Neighbour {
  row: number;
  track: Track;
  /** Which segment of its track, from 0. */
  index: number;
  /** The first row of its track; its last is `first_row + n_segments - 1`. */
  first_row: number;
  /** How many segments its track has. */
  n_segments: number;
  start_s: number;
  end_s: number;
  /** The strongest first; empty for networks without a tag space. */
  tags: TagValue[];
  /** Cosine similarity, -1 to 1, rounded to 4 decimals. */
  similarity: number;
}

/** The segments that sound most like a given one. */
export interface Neighbours {
  /** The most similar first. */
  neighbours: Neighbour[];
}

/** A network that has heard tracks. */
export interface Network {
  name: string;
  title: string;
  precision: string;
  /** How long a segment is. */
  segment_s: number;
  /** From the start of a segment to that of the next. */
  hop_s: number;
  spaces: Space[];
}

/** Why there is nothing to show, and what to do about it. */
export interface NextStep {
  message: string;
  hint: string;
}

/** The header before the columns of points. */
export interface PointsHeader {
  /** Points that are sent. */
  n: number;
  /** Points of the map inside `box`. */
  n_inside: number;
  /** Points inside `box` that match the filter; without one all of them. */
  n_matching: number;
  /** Points of the map; fewer than the space's segments when tracks were extracted after it was fitted. */
  n_total: number;
  /** The revision at which the rows were read. */
  revision: number;
  projection_revision: number;
  /** What the coordinates are quantised to: x0, x1, y0, y1 in data units. */
  box: Box;
  /** The smallest box with every point of the map: x0, x1, y0, y1 in data units. */
  extent: Box;
  /** Names which segments the rows are: maps of one name have the same tracks and times in the same rows. */
  segmentation: string;
  /** Of averages: how far segments lie from the mean of their track, root mean square; null for segments. */
  largest_spread: number | null;
  colour: Colour | null;
  columns: Column[];
}

/** Why a text is no filter. */
export interface Problem {
  message: string;
  /** What to write instead; empty where nothing is known. */
  hint: string;
  /** The first character to blame, from 0. */
  start: number;
  /** Behind the last one. */
  end: number;
}

/** A projection of a space. */
export interface Projection {
  /** `original` stands for no projection: two dimensions of the space itself. */
  method: string;
  title: string;
  n_dims: number;
  n_tracks: number;
  /** Tracks that were placed after it was fitted. */
  n_placed: number;
  /** By dimension, where the method has one. */
  explained_variance: number[] | null;
  /** `trustworthiness`, `neighbours_kept` and what they were measured with; null for `original`. */
  quality: Record<string, number> | null;
}

/** A projection of a space. */
export interface ProjectionStatus {
  method: string;
  n_tracks: number;
  /** Tracks that were placed after it was fitted. */
  n_placed: number;
  /** Tracks of the space that are still to be placed. */
  n_lacking: number;
  /** `trustworthiness`, `neighbours_kept` and what they were measured with. */
  quality: Record<string, number>;
}

/** A part of a map with a name. */
export interface Region {
  /** Its number, while `made` is the same. */
  id: number;
  /** The region around it; null for the outermost. */
  parent: number | null;
  /** How often the map was cut: 8 parts at 0, then four times as many each time. */
  level: number;
  /** Its densest place, in data units. */
  x: number;
  y: number;
  /** Segments that were counted. */
  n_segments: number;
  /** Tracks of which it has segments. */
  n_tracks: number;
  /** One or two tags that name it; none where no tag stands out. */
  words: Word[];
  /** The words tell it apart from the region around it, not from the whole collection. */
  by_contrast: boolean;
  /** The track that nearly all of it is of, which then is its name. */
  track: NamedTrack | null;
}

/** A region as it is now. */
export interface RegionDetail {
  n_segments: number;
  /** The revision at which the row was read. */
  revision: number;
  /** The segment nearest to its densest place. */
  row: number;
  /** x0, x1, y0, y1 in data units: where nearly all of it lies. */
  box: Box;
  /** Those that distinguish it most, at most six, the strongest first. */
  tags: Word[];
}

/** The regions of a map. */
export interface Regions {
  /** Names these regions; null where the map has none. */
  made: string | null;
  /** The network whose tags are the words. */
  named_by: string | null;
  /** At most 400, parents before their children. */
  regions: Region[];
}

/** How much of each region a filter keeps. */
export interface RegionsMatching {
  /** Segments that match, of every region in the order of their numbers. */
  n_matching: number[];
}

/** The rows of a track: its segments, in the order of time. */
export interface Rows {
  first_row: number;
  /** So many rows follow each other. */
  n_segments: number;
}

/** A command that wrote. */
export interface Run {
  command: string;
  started_at: string;
  /** Null while it runs, and after it was killed. */
  ended_at: string | null;
  n_done: number;
  n_skipped: number;
  n_failed: number;
  /** The code of what stopped it; null when nothing did. */
  error: string | null;
}

/** What plays, and what the network calls it. */
export interface Segment {
  row: number;
  track: Track;
  /** Which segment of its track, from 0. */
  index: number;
  /** The first row of its track; its last is `first_row + n_segments - 1`. */
  first_row: number;
  /** How many segments its track has. */
  n_segments: number;
  start_s: number;
  end_s: number;
  /** The strongest first; empty for networks without a tag space. */
  tags: TagValue[];
}

/** Several segments. */
export interface Segments {
  /** In the order asked for. */
  segments: Segment[];
}

/** Segments of a map inside a box. */
export interface SegmentsInside {
  /** How many there are that match the filter, of which this is a page. */
  n_inside: number;
  /** How many tracks they are of. */
  n_tracks: number;
  /** The revision at which the rows were read. */
  revision: number;
  /** Another one whenever the pages of this table may be others. */
  edition: string;
  segments: ListedSegment[];
}

/** The header before the selected rows. */
export interface SelectedRowsHeader {
  /** Selected segments. */
  n: number;
  /** Every row of the network is below it. */
  n_rows: number;
  /** The revision at which the rows were read. */
  revision: number;
  columns: Column[];
}

/** How much a selection selects. */
export interface SelectionFacts {
  /** The expression as it is written in one way only. */
  text: string;
  /** Selected segments: all of them are counted. */
  n_segments: number;
  /** Tracks that they are of. */
  n_tracks: number;
  /** Segments of the network. */
  n_total: number;
  /** The revision at which the rows were read. */
  revision: number;
}

/** Tags that a selection has more of than the collection, and fewer, the most distinctive first. */
export interface SelectionTags {
  /** Selected segments that were compared. */
  n_heard: number;
  /** With fewer, both lists are empty: they would say nothing. */
  n_needed: number;
  over: ContrastedTag[];
  under: ContrastedTag[];
}

/** A selection to store. */
export interface SelectionText {
  /** The expression. */
  text: string;
}

/** Tracks of a selection. */
export interface SelectionTracks {
  /** How many there are, of which this is a page. */
  n_tracks: number;
  /** The revision at which the rows were read. */
  revision: number;
  /** Another one whenever the pages of this list may be others. */
  edition: string;
  tracks: ListedTrack[];
}

/** All vectors of one layer of a network. */
export interface Space {
  name: string;
  layer: Layer;
  n_dims: number;
  /** The tags; null for embeddings. */
  labels: string[] | null;
  n_tracks: number;
  n_segments: number;
  revision: number;
  projections: Projection[];
}

/** All vectors of one layer of a network. */
export interface SpaceStatus {
  name: string;
  n_dims: number;
  n_tracks: number;
  n_segments: number;
  /** Tracks whose features are of an earlier content of the file. */
  n_stale: number;
  /** Present tracks that are still to be extracted. */
  n_lacking: number;
  /** Whether neighbours are indexed; null where they need not be. */
  has_neighbours: boolean | null;
  projections: ProjectionStatus[];
}

/** How far the collection has come. */
export interface Status {
  tracks: TrackCounts;
  spaces: SpaceStatus[];
  failure_counts: FailureCount[];
  /** At most as many as were asked for. */
  failures: Failure[];
  /** The latest first. */
  runs: Run[];
  /** A command writes at this moment: of the runs without an end, the latest. */
  is_writing: boolean;
  /** The first command that has something left to do. */
  next_command: string | null;
}

/** A selection that is stored. */
export interface StoredSelection {
  /** A short expression that stands for it, for addresses. */
  text: string;
}

/** Something that may be written, or gone to. */
export interface Suggestion {
  /** `track`, `artist`, `album`, `tag`, `field`, `function`, `value` or `keyword`. */
  kind: string;
  /** What to write in place of the characters from `start` to `end`. */
  text: string;
  start: number;
  /** What to show. */
  label: string;
  note: string;
  /** Of a track, which is gone to; null for all others. */
  track_id: number | null;
}

/** A tag and its activation. */
export interface TagValue {
  label: string;
  /** 0 to 1, rounded to 4 decimals. */
  value: number;
}

/** What a network calls every segment of a track. */
export interface Taggram {
  labels: string[];
  /** From the start of a segment to that of the next. */
  hop_s: number;
  /** How long a segment is. */
  segment_s: number;
  first_row: number;
  /** By segment, then by label; rounded to 3 decimals. */
  values: number[][];
}

/** Where the segments of a track lie, in the order of time. */
export interface Thread {
  /** The revision at which the rows were read. */
  revision: number;
  /** The first row of the track. */
  first_row: number;
  /** How many segments the track has. */
  n_segments: number;
  /** Those that have a place in the map, in the order of time; maybe none. */
  rows: number[];
  /** Of each row, in data units. */
  x: number[];
  /** Of each row, in data units. */
  y: number[];
}

/** A track as the player shows it. */
export interface Track {
  id: number;
  /** The name of its file, without the suffix, where it has no title. */
  title: string;
  artist: string | null;
  album: string | null;
  year: number | null;
  duration_s: number | null;
  /** `present`, or `missing` when its sound is. */
  state: string;
  /** The address of its sound; null when it is missing. */
  audio: string | null;
}

/** Tracks by what is known of them. */
export interface TrackCounts {
  n_present: number;
  /** Tracks whose file is missing. */
  n_missing: number;
  /** Present tracks whose file tags were read. */
  n_described: number;
  /** Present tracks whose file tags wait to be read. */
  n_undescribed: number;
  /** Of all present tracks. */
  duration_s: number;
}

/** What to call a view. */
export interface ViewName {
  /** What it is called. */
  name: string;
}

/** A view, and what to call it. */
export interface ViewToSave {
  /** What it is called. */
  name: string;
  /** The query of its address, without the question mark. */
  query: string;
}

/** A tag in a region, and how it stands out there. */
export interface Word {
  label: string;
  /** Of the region's segments in the collection, 0 to 1, rounded to 3 decimals. */
  mean_rank: number;
  /** The share of its segments that are among the strongest quarter of the collection, rounded to 3 decimals. */
  inside: number;
  /** The same share of all other segments. */
  outside: number;
}
