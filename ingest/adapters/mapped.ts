import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { fileFault } from '../../model/file-fault.ts'
import { defineAdapter } from './adapter.ts'
import { type MappingResult, parseMapping } from './mapped/parse-mapping.ts'
import { isPresetName, PRESET_NAMES, PRESETS } from './mapped/presets.ts'
import { createMappedReader } from './mapped/read-mapped-row.ts'

/** Any CSV or JSON log, by a mapping in YAML. The mapping file is read once, when the options are bound. */
export const mapped = defineAdapter({
  name: 'mapped',
  title: 'Mapped CSV or JSON',
  product: 'mapped',
  options: Type.Object({
    preset: Type.Enum(['none', ...PRESET_NAMES], {
      default: 'none',
      description: 'A mapping that comes with crmwatch; `mapping` replaces it.',
    }),
    mapping: Type.Refine(
      Type.String({ default: '', description: 'The YAML file with the mapping, or its text.' }),
      (mapping) => mapping === '' || loaded(mapping).ok,
      (mapping) => {
        const result = typeof mapping === 'string' ? loaded(mapping) : null
        return result === null || result.ok ? 'must be a mapping' : result.faults.join('; ')
      },
    ),
  }),
  lists: [
    ...[
      '_embedded.events',
      '_embedded.items',
      'result.items',
      'audit_log',
      'audit_logs',
      'data',
      'results',
      'items',
      'Records',
      'hits',
    ],
    ...['events', 'records', 'rows', 'entries', 'logs', 'value', 'list', 'hits.hits'],
  ],
  create({ preset, mapping }) {
    const text = mapping !== '' ? mapping : isPresetName(preset) ? PRESETS[preset] : null
    if (text === null) return { ok: false, faults: [`mapping: must be given, or a preset: ${PRESET_NAMES.join(', ')}`] }
    const result = loaded(text)
    return result.ok ? createMappedReader(result.mapping, 'mapped') : result
  },
})

/** A text over several lines is the mapping itself, all others name its file. */
function loaded(mapping: string): MappingResult {
  if (mapping.includes('\n')) return parseMapping(mapping, 'mapping')
  try {
    return parseMapping(readFileSync(mapping, 'utf8'), mapping)
  } catch (error) {
    return { ok: false, faults: [`${mapping}: the file cannot be read: ${fileFault(error)}`] }
  }
}
