/** What one answer of a CRM's API gave, to be taken as rows of its source. */
export interface PulledDocument {
  /** The bytes as the API gave them; null where nothing is to be taken and only the cursor moves on. */
  readonly chunks: AsyncIterable<Buffer> | null
  readonly format: 'csv' | 'json'
  /** Where to go on once the document is stored, as JSON of the connector's own. */
  readonly cursor: unknown
}

export interface PullMoment {
  /** Where the last document left off; null at the very first. What the connector cannot read counts as null. */
  readonly cursor: unknown
  /** Wall clock, epoch ms. */
  readonly now: number
}

/** Fetches a CRM's log by its API. One connector is one file in connectors/. */
export interface PullConnector {
  /**
   * What there is from the cursor on, until there is nothing more for now. Rows may be given twice, such as those of the
   * overlap for late ones: they are known by their event_uid. Throws a PullFailure, after which it is asked again from the
   * last cursor that was stored.
   */
  pull(moment: PullMoment): AsyncGenerator<PulledDocument>
}

/** The chunks of a document that is in memory. */
export async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
