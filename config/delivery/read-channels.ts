import { CHANNEL_TYPES } from '../../model/delivery.ts'
import { showValue } from '../fault.ts'
import { nearest } from '../nearest.ts'
import { CHANNEL_SCHEMAS, type ChannelSetting } from './channel-schema.ts'
import { type FieldReader, isRecord, readFields } from './read-fields.ts'

const MOST_CHANNELS = 50
/** Also a metric label. */
const NAME = /^[a-z][a-z0-9_-]{0,63}$/

/** The section `channels`: names with their settings; what is wrong is told to the reader and left out. */
export function readChannels(raw: unknown, reader: FieldReader): Record<string, ChannelSetting> {
  if (raw === null || raw === undefined) return {}
  if (!isRecord(raw)) {
    reader.fault('', showValue(raw), 'a section with one section per channel')
    return {}
  }
  if (Object.keys(raw).length > MOST_CHANNELS) {
    reader.fault('', `${Object.keys(raw).length} channels`, `at most ${MOST_CHANNELS}`)
  }
  const channels: [string, ChannelSetting][] = []
  for (const [name, value] of Object.entries(raw)) {
    if (!NAME.test(name)) {
      reader.fault(name, `the name ${showValue(name)}`, 'a name of lower-case letters, digits, `_` and `-`, at most 64')
      continue
    }
    const channel = readChannel(name, value, reader)
    if (channel !== null) channels.push([name, channel])
  }
  return Object.fromEntries(channels)
}

function readChannel(name: string, value: unknown, reader: FieldReader): ChannelSetting | null {
  if (!isRecord(value)) {
    reader.fault(name, showValue(value), 'a section with `type` and the fields of that type')
    return null
  }
  const { type: given, ...fields } = value
  const type = CHANNEL_TYPES.find((candidate) => candidate === given)
  if (type === undefined) {
    const near = typeof given === 'string' ? nearest(given, CHANNEL_TYPES) : null
    const hint = near === null ? '' : `; did you mean ${near}?`
    reader.fault(
      `${name}.type`,
      given === undefined ? 'nothing' : showValue(given),
      `one of ${CHANNEL_TYPES.join(', ')}${hint}`,
    )
    return null
  }
  const checked = readFields(CHANNEL_SCHEMAS[type], fields, name, reader)
  // The fields were checked against the schema that belongs to the type.
  return checked === null ? null : ({ type, ...checked } as ChannelSetting)
}
