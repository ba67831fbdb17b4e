import { BlockList, isIP } from 'node:net'
import { compares, type FieldTest } from '../../model/custom-rule.ts'
import { matchesPattern } from './match-pattern.ts'
import type { FieldValue } from './row-fields.ts'

/** Whether a field's value, null when it has none, passes. */
export type ValueTest = (value: FieldValue) => boolean

export function compileTest(test: FieldTest): ValueTest {
  switch (test.is) {
    case 'missing':
      return (value) => value === null
    case 'present':
      return (value) => value !== null
    case 'boolean':
      return (value) => value === test.value
    case 'number':
      return (value) => typeof value === 'number' && compares(test.compare, value)
    case 'among': {
      const texts = new Set(test.texts)
      return onText(test.cased, (text) => texts.has(text))
    }
    case 'starts':
      return onText(test.cased, (text) => text.startsWith(test.text))
    case 'ends':
      return onText(test.cased, (text) => text.endsWith(test.text))
    case 'contains':
      return onText(test.cased, (text) => text.includes(test.text))
    case 'pattern':
      return onText(true, (text) => matchesPattern(test.pattern, text))
    case 'network':
      return onText(true, inNetwork(test.address, test.prefix, test.family))
  }
}

const onText =
  (cased: boolean, holds: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === 'string' && holds(cased ? value : value.toLowerCase())

function inNetwork(address: string, prefix: number, family: 'ipv4' | 'ipv6'): (text: string) => boolean {
  const network = new BlockList()
  network.addSubnet(address, prefix, family)
  return (text) => {
    const version = isIP(text)
    return version !== 0 && network.check(text, version === 4 ? 'ipv4' : 'ipv6')
  }
}
