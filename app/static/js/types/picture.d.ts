// A picture of the map: what there is to say of it, and where each thing stands. CSS pixels everywhere.

export interface Size {
  width: number;
  height: number;
}

export interface Rectangle extends Size {
  x: number;
  y: number;
}

export interface TextStyle {
  size: number;
  weight?: number;
  italic?: boolean;
}

/** How wide a text is. */
export type Measure = (text: string, style: TextStyle) => number;

/** Of the page, light or dark, as CSS writes them. */
export interface PictureColours {
  page: string;
  raised: string;
  text: string;
  quiet: string;
  line: string;
  lineStrong: string;
  playing: string;
}

/** `y` is the line that letters stand on. */
export interface TextItem extends TextStyle {
  kind: "text";
  text: string;
  x: number;
  y: number;
  fill: string;
  align?: "start" | "middle" | "end";
  /** Written upwards. */
  isTurned?: boolean;
  /** Around the letters, so that they stand out from points. */
  halo?: string;
  opacity?: number;
  isStruck?: boolean;
}

export interface PathItem {
  kind: "path";
  d: string;
  fill?: string;
  fillOpacity?: number;
  stroke?: string;
  strokeOpacity?: number;
  strokeWidth?: number;
  /** As SVG writes a matrix. */
  matrix?: [number, number, number, number, number, number];
}

export interface RectangleItem extends Rectangle {
  kind: "rectangle";
  fill?: string;
  opacity?: number;
  stroke?: string;
  radius?: number;
}

export interface DiscItem {
  kind: "disc";
  x: number;
  y: number;
  r: number;
  fill?: string;
  stroke?: string;
  strokeWidth?: number;
}

/** Colours from left to right, flowing into each other. */
export interface RampItem extends Rectangle {
  kind: "ramp";
  colours: string[];
}

/** Where the points are. What they look like, each writer has in a form of its own. */
export interface PointsItem extends Rectangle {
  kind: "points";
}

/** Items at places from the group's own corner, cut off at `clip`. */
export interface GroupItem {
  kind: "group";
  name: string;
  x: number;
  y: number;
  clip?: Size;
  items: Item[];
}

export type Item = TextItem | PathItem | RectangleItem | DiscItem | RampItem | PointsItem | GroupItem;

/** What stands where. Whoever writes a picture reads only this. */
export interface Layout extends Size {
  background: string;
  /** In one line, for those who do not see it. */
  title: string;
  description: string;
  items: Item[];
}

export interface Tick {
  /** From the left or the top of the map. */
  at: number;
  text: string;
}

export interface AxisFacts {
  name: string;
  ticks: Tick[];
}

export interface LabelFacts extends TextStyle {
  text: string;
  /** The middle, from the map's corner. */
  x: number;
  y: number;
  width: number;
  /** Words step back where a filter keeps nothing. */
  opacity?: number;
}

/** What is seen of the map. */
export interface MapFacts {
  frame: Size;
  axes: { x: AxisFacts; y: AxisFacts } | null;
  labels: LabelFacts[];
  /** Lines over the points. */
  drawings: PathItem[];
  /** What plays. */
  ring: { x: number; y: number } | null;
  /** Whether no point is seen in a part of the map. */
  isFree(part: Rectangle): boolean;
}

export interface LegendFacts {
  title: string;
  about: string;
  /** A swatch each, where the colours are words. */
  words: { label: string; colour: string; count: string; isKept: boolean }[];
  /** Where they are numbers. */
  ramp: {
    colours: string[];
    /** Places from 0 to 1. */
    marks: { at: number; name: string; text: string }[];
    /** Points of the map and of what is in view, from low to high. */
    all: number[];
    seen: number[];
    /** What is kept, from 0 to 1. */
    low: number;
    high: number;
  } | null;
  notes: string[];
  without: { text: string; colour: string } | null;
}

export interface CaptionFacts {
  title: string;
  lines: string[];
  /** Where it comes from, and when. */
  source: string;
}

export interface PictureFacts {
  map: MapFacts;
  legend: LegendFacts | null;
  caption: CaptionFacts;
  colours: PictureColours;
}

export interface Disc {
  x: number;
  y: number;
  r: number;
  fill: string;
  opacity: number;
}

/** What one canvas of the screen has, from the bottom up. */
export interface Sheet {
  opacity: number;
  parts: { name: string; discs: Disc[]; lines: PathItem[] }[];
}

/** Points as shapes, from the bottom up; or as a picture of them, at an address. */
export type PointsOfFile = { sheets: Sheet[] } | { href: string };
