/** One call at a time: whoever asks while it is under way gets the same answer. A scrape reads all its gauges at once. */
export function shareRead<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let underWay: Promise<Result> | null = null
  return () => {
    underWay ??= read().finally(() => {
      underWay = null
    })
    return underWay
  }
}
