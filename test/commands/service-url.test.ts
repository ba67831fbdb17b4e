import { expect, test } from 'vitest'
import { serviceUrl } from '../../commands/service-url.ts'

test.each([
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/events'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/v1/events'],
  ['https://soc.example/crmwatch', 'https://soc.example/crmwatch/v1/events'],
  ['https://soc.example/crmwatch/', 'https://soc.example/crmwatch/v1/events'],
])('under %s', (base, expected) => {
  expect(serviceUrl(base, 'v1/events').href).toBe(expected)
})
