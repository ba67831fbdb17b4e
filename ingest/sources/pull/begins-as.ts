import { PullFailure } from './pull-failure.ts'

const LOOKED_AT_BYTES = 64

/**
 * The same chunks, once their beginning is what it must be. Something else than the API may answer in its place, such as a
 * login page: taken as a log it would be a heap of refused rows, and what it stands for would count as taken.
 */
export async function* beginsAs(pattern: RegExp, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0)
  let isChecked = false
  for await (const chunk of chunks) {
    if (isChecked) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < LOOKED_AT_BYTES) continue
    check(head, pattern)
    isChecked = true
    yield head
  }
  if (isChecked || head.length === 0) return
  check(head, pattern)
  yield head
}

function check(head: Buffer, pattern: RegExp): void {
  if (!pattern.test(head.subarray(0, LOOKED_AT_BYTES).toString()))
    throw new PullFailure('unexpected_answer', 'the answer has another form')
}
