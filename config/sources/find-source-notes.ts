import type { Note } from '../conflict.ts'
import type { Config } from '../schema.ts'

/** What is allowed and yet deserves a second thought. */
export function findSourceNotes({ sources }: Config, isLoopback: (host: string) => boolean): Note[] {
  return Object.entries(sources).flatMap(([name, { pull }]) => {
    const url = pull?.url === undefined ? null : new URL(pull.url)
    return url?.protocol === 'http:' && !isLoopback(url.hostname)
      ? [{ path: `sources.${name}.pull.url`, text: 'plain HTTP: the secret can be read on its way' }]
      : []
  })
}
