/** Lets many share something, or one have it alone; in the order in which they come. */
export class ExclusiveUse {
  #last: Promise<unknown> = Promise.resolve();
  #sharing: Promise<unknown>[] = [];

  /** Waits for whoever has it alone; gives the function that leaves. */
  async share(): Promise<() => void> {
    const before = this.#last;
    const { left, leave } = stay();
    this.#sharing.push(left);
    await before;
    return leave;
  }

  /** Waits for everybody before; gives the function that leaves. */
  async claim(): Promise<() => void> {
    const before = Promise.all([this.#last, ...this.#sharing]);
    const { left, leave } = stay();
    this.#last = left;
    this.#sharing = [];
    await before;
    return leave;
  }
}

function stay(): { readonly left: Promise<void>; readonly leave: () => void } {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  return { left, leave };
}
