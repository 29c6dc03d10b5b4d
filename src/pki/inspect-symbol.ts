/** `util.inspect.custom` by its registered name: importing node:util only for this would cost start-up time. */
export const inspectSymbol: unique symbol = Symbol.for('nodejs.util.inspect.custom');
