// What is answered a page at a time: `ask` is given where the page begins, nothing for the first, and answers with `next` and, under `key`, the items.
export class Pages {
  items = $state([]);
  next = $state(null);
  loading = $state(true);
  failure = $state(null);
  #key;
  #ask;

  constructor(key, ask) {
    this.#key = key;
    this.#ask = ask;
  }

  // The first page, or what is behind the last one.
  async load(after) {
    this.loading = true;
    this.failure = null;
    try {
      const page = await this.#ask(after);
      const found = page[this.#key];
      this.items = after ? [...this.items, ...found] : found;
      this.next = page.next ?? null;
    } catch (error) {
      this.failure = error.message;
    }
    this.loading = false;
  }
}
