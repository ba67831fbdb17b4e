import { ACTIONS } from '../../model/event.ts'
import { ADAPTERS, findAdapter } from '../adapters/registry.ts'
import { bindAdapter, type SourceSpec } from './source.ts'

/** One thing wrong with the sources' settings; `path` starts below the source. */
export interface SourceProblem {
  readonly name: string
  readonly path: string
  readonly found: string
  readonly allowed: string
}

/** Checks the sources against the adapters: unknown ones, their options, and whether one thing would come in twice. */
export function checkSources(sources: Readonly<Record<string, SourceSpec>>): SourceProblem[] {
  const entries = Object.entries(sources)
  const problems = entries.flatMap(([name, spec]) => checkSource(spec).map((problem) => ({ name, ...problem })))
  return problems.length > 0 ? problems : findSharedFeeds(entries)
}

function checkSource(spec: SourceSpec): Omit<SourceProblem, 'name'>[] {
  const adapter = findAdapter(spec.adapter)
  if (adapter === undefined) {
    return [{ path: 'adapter', found: 'no such adapter', allowed: ADAPTERS.map(({ name }) => name).join(', ') }]
  }
  if (spec.options !== undefined && 'org' in spec.options) {
    return [{ path: 'options.org', found: 'a tenant among the options', allowed: 'org beside adapter' }]
  }
  const bound = bindAdapter(spec)
  if (bound.ok) return []
  return bound.faults.map((fault) => {
    const [option, ...words] = fault.split(': ')
    return { path: `options.${option}`, found: 'a value that cannot be used', allowed: words.join(': ') }
  })
}

/**
 * Two feeds of one CRM must not bring the same acts: hourly and daily log files, or a log file and the stream of the same
 * events, have rows of different form, which no id shows to be one. Each of them has to say which acts it brings.
 */
function findSharedFeeds(entries: readonly (readonly [string, SourceSpec])[]): SourceProblem[] {
  return entries.flatMap(([name, spec], index) => {
    for (const [other, earlier] of entries.slice(0, index)) {
      if (!isSameFeed(spec, earlier)) continue
      const shared = ACTIONS.filter((action) => takes(spec, action) && takes(earlier, action))
      if (shared.length === 0) continue
      const acts = shared.length === ACTIONS.length ? 'the same acts' : shared.join(', ')
      return [
        {
          name,
          path: 'actions',
          found: `${acts} of ${firstLineOf(feedOf(spec))}, which sources.${other} brings as well`,
          allowed: 'for each act one feed alone: `actions` without overlap, or another `org` or `instance`',
        },
      ]
    }
    return []
  })
}

const takes = ({ actions }: SourceSpec, action: (typeof ACTIONS)[number]): boolean =>
  actions === undefined || actions.includes(action)

const isSameFeed = (a: SourceSpec, b: SourceSpec): boolean =>
  feedOf(a) === feedOf(b) &&
  (a.org === undefined || b.org === undefined || a.org === b.org) &&
  (a.instance ?? '') === (b.instance ?? '')

/** Two formats that read any product are told apart by what they are set to read, of which the mapping comes first. */
function feedOf({ adapter, options = {} }: SourceSpec): string {
  if (adapter === 'mapped') return `mapped ${String(options.mapping || options.preset || '')}`.trim()
  return findAdapter(adapter)?.product ?? adapter
}

/** A mapping may be written out. */
const firstLineOf = (feed: string): string => feed.split('\n')[0].trim()
