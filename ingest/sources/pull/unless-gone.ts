import { PullFailure } from './pull-failure.ts'

/** The same chunks; none of a document that was listed and is there no more. */
export async function* unlessGone(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    if (!(error instanceof PullFailure && error.failure === 'not_found')) throw error
  }
}
