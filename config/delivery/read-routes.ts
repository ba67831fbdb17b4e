import { showValue } from '../fault.ts'
import { nearest } from '../nearest.ts'
import { type FieldReader, readFields } from './read-fields.ts'
import { RouteSchema, type RouteSetting } from './route-schema.ts'

const MOST_ROUTES = 100

/** The list `routes`; what is wrong is told to the reader and left out. `channels` are the names that may be used. */
export function readRoutes(raw: unknown, channels: readonly string[], reader: FieldReader): RouteSetting[] {
  if (raw === null || raw === undefined) return []
  if (!Array.isArray(raw)) {
    reader.fault('', showValue(raw), 'a list of routes, each with `channels`')
    return []
  }
  if (raw.length > MOST_ROUTES) reader.fault('', `${raw.length} routes`, `at most ${MOST_ROUTES}`)
  return raw.flatMap((value: unknown, index) => {
    // The fields were checked against the schema.
    const route = readFields(RouteSchema, value, String(index), reader) as RouteSetting | null
    if (route === null) return []
    for (const field of ['channels', 'escalate_to'] as const) {
      for (const name of route[field] ?? []) {
        if (channels.includes(name)) continue
        const near = nearest(name, channels)
        reader.fault(
          `${index}.${field}`,
          showValue(name),
          near === null ? 'a name under `channels`' : `did you mean ${near}?`,
        )
      }
    }
    if ((route.escalate_after === undefined) !== (route.escalate_to === undefined)) {
      const missing = route.escalate_after === undefined ? 'escalate_after' : 'escalate_to'
      reader.fault(`${index}.${missing}`, 'nothing', 'both escalate_after and escalate_to, or none of them')
    }
    return [route]
  })
}
