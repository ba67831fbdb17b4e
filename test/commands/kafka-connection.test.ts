import { expect, it } from 'vitest'
import { kafkaConnection } from '../../commands/kafka-connection.ts'
import { configOf, load } from '../config/load.ts'

it('names the setting and the file of a certificate that cannot be read', () => {
  const config = configOf(load('kafka: { brokers: ["a:1"], ssl: { enabled: true, ca_file: /nowhere/ca.pem } }'))
  expect(() => kafkaConnection(config)).toThrow(
    'kafka.ssl.ca_file: /nowhere/ca.pem cannot be read: there is no such file or folder; give a PEM file',
  )
})
