// The part of BokehJS that map/figure.js uses. Semi-internal: checked by browser tests.

interface BokehSignal {
  connect(slot: () => void): void;
}

interface BokehModel {
  setv(values: Record<string, unknown>, options?: { silent?: boolean }): void;
  on_event(name: string, callback: (event: BokehPointEvent) => void): void;
  change: BokehSignal;
  start: number;
  end: number;
  active: boolean;
  overlay?: BokehModel;
  /** Of an axis: where its numbers are between two others. */
  ticker: { get_ticks(low: number, high: number, range: null, crossing: number): { major: number[] } };
  /** Of an axis: its numbers in words. */
  formatter: { doFormat(ticks: number[], at: { loc: number }): string[] };
}

interface BokehDocument {
  add_root(model: BokehModel): void;
  clear(): void;
  /** Once the document is drawn. */
  views_manager?: { clear(): void };
}

/** `sx`, `sy`: CSS pixels from the figure's top left corner. */
interface BokehPointEvent {
  sx: number;
  sy: number;
}

/** What a tool asks ranges to become. */
interface BokehRanges {
  xrs: Map<BokehModel, { start: number; end: number }>;
  yrs: Map<BokehModel, { start: number; end: number }>;
}

/** Layers over each other: axes and grid, what tools draw, and who listens to the pointer. */
interface BokehCanvas {
  primary: { el: HTMLCanvasElement };
  overlays: { el: HTMLCanvasElement };
  events_el: HTMLElement;
}

interface BokehPlotView {
  /** Called by every tool that moves or zooms. */
  update_range(ranges: BokehRanges): void;
  frame: { bbox: { left: number; top: number; width: number; height: number } };
  canvas_view: BokehCanvas;
  repainted: BokehSignal;
}

declare const Bokeh: {
  Models: Record<string, new (attributes?: Record<string, unknown>) => BokehModel>;
  require(name: "document"): { Document: new () => BokehDocument };
  embed: { add_document_standalone(document: BokehDocument, element: HTMLElement): Promise<unknown> };
  index: { find_one(model: BokehModel): BokehPlotView };
  documents: BokehDocument[];
};
