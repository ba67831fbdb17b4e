import { clipText } from '../model/clip-text.ts'
import type { Kind } from '../model/event-batch.ts'

/** Kinds stay in memory and in the store for ever, and hold texts that senders choose. */
export const KIND_LIMITS = {
  /** Length of each of a kind's texts, in UTF-16 code units; longer ones are cut. */
  textLength: 256,
  /** Kinds that are told apart by such texts; of further ones the texts are `(others)`. */
  kinds: 20_000,
} as const
const OTHERS = '(others)'

/** The kind with its texts cut to what is kept of them. */
export const clippedKind = (kind: Kind): Kind =>
  withTexts(kind, (text) => (text === null ? null : clipText(text, KIND_LIMITS.textLength)))

/** The kind as it is kept when there are as many as there may be. */
export const otherKind = (kind: Kind): Kind => withTexts(kind, (text) => (text === null ? null : OTHERS))

const withTexts = (kind: Kind, change: (text: string | null) => string | null): Kind => ({
  ...kind,
  source_product: change(kind.source_product),
  source_event_type: change(kind.source_event_type),
  client_app: change(kind.client_app),
  export_format: change(kind.export_format),
})
