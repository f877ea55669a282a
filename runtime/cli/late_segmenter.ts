/**
 * Makes `Intl.Segmenter` cheap to construct: the tables of Unicode are read when a text is segmented.
 *
 * The library of the command line constructs one as it is loaded, to measure help texts, which took
 * every command 12 ms. Has to be imported before it; changes nothing else.
 *
 * @module
 */
const Segmenter = Intl.Segmenter;

class LateSegmenter implements Intl.Segmenter {
  readonly [Symbol.toStringTag] = "Intl.Segmenter";
  readonly #arguments: ConstructorParameters<typeof Intl.Segmenter>;
  #made: Intl.Segmenter | undefined;

  constructor(...args: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#arguments = args;
  }

  segment(text: string): Intl.Segments {
    return this.#segmenter.segment(text);
  }

  resolvedOptions(): Intl.ResolvedSegmenterOptions {
    return this.#segmenter.resolvedOptions();
  }

  get #segmenter(): Intl.Segmenter {
    return this.#made ??= new Segmenter(...this.#arguments);
  }

  static supportedLocalesOf = Segmenter.supportedLocalesOf;
}

Object.defineProperty(Intl, "Segmenter", { value: LateSegmenter });
