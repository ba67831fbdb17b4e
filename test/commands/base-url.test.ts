import { expect, test } from 'vitest'
import { baseOf } from '../../commands/base-url.ts'

test.each([
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/events'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/v1/events'],
  ['https://soc.example/crmwatch', 'https://soc.example/crmwatch/v1/events'],
  ['https://soc.example/crmwatch/', 'https://soc.example/crmwatch/v1/events'],
])('under %s', (base, expected) => {
  expect(new URL('v1/events', baseOf(base)).href).toBe(expected)
})
