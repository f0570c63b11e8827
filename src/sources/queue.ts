/** Callbacks in, an async iterable of batches out. What is pushed while nobody reads waits. */
export class Queue<T> implements AsyncIterable<readonly T[]> {
  #items: T[] = []
  #closed = false
  #failure: unknown = null
  #wake = (): void => {}

  readonly push = (item: T): void => {
    this.#items.push(item)
    this.#wake()
  }

  close(): void {
    this.#closed = true
    this.#wake()
  }

  fail(error: unknown): void {
    this.#failure = error
    this.close()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[]> {
    for (;;) {
      if (this.#items.length > 0) {
        const batch = this.#items
        this.#items = []
        yield batch
      } else if (this.#closed) {
        if (this.#failure !== null) throw this.#failure
        return
      } else {
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
      }
    }
  }
}
