/** How much larger than its packed form a file may be. Logs pack 10 to 50 times; deflate's most is about 1,030. */
export const MOST_EXPANSION = 250
/** Below this nothing is measured: small files of one repeated row pack better than that. */
const MEASURED_FROM_BYTES = 64 * 1024 * 1024

/** A packed file that grows out of all proportion: reading on would keep the machine busy with nothing. */
export class ExpansionError extends Error {
  override readonly name = 'ExpansionError'
  constructor() {
    super(`the file unpacks to more than ${MOST_EXPANSION} times its size`)
  }
}

/** Throws ExpansionError when `unpacked` bytes are out of proportion to `packed`. */
export function checkExpansion(packed: number, unpacked: number): void {
  if (unpacked > MEASURED_FROM_BYTES && unpacked > packed * MOST_EXPANSION) throw new ExpansionError()
}
