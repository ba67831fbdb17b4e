export type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

export interface BrokerUser {
  readonly name: string
  readonly password: string
  readonly mechanism: Mechanism
}

export interface ServerSettings {
  readonly clientPort: number
  readonly controllerPort: number
  readonly securedPort: number | null
  readonly securedProtocol: 'SASL_SSL' | 'SASL_PLAINTEXT' | null
  readonly users: readonly BrokerUser[]
  readonly keystore: { readonly path: string; readonly password: string } | null
  readonly logDirectory: string
  readonly overrides: Readonly<Record<string, string>>
}

/** The settings of one KRaft node that is broker and controller, bound to loopback, as lines of server.properties. */
export function writeServerProperties(settings: ServerSettings): string[] {
  const { securedProtocol, securedPort, keystore } = settings
  const listeners = [`PLAINTEXT://127.0.0.1:${settings.clientPort}`]
  const protocols = ['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT']
  if (securedProtocol !== null) {
    listeners.push(`SECURED://127.0.0.1:${securedPort}`)
    protocols.push(`SECURED:${securedProtocol}`)
  }
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${settings.controllerPort}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${settings.controllerPort}`].join(','),
    'advertised.listeners': listeners.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': protocols.join(','),
    'log.dirs': settings.logDirectory,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'controlled.shutdown.enable': 'false',
    // A broker that comes back after a crash has to wait until its former self has timed out, 9 s by default.
    'broker.session.timeout.ms': '1000',
    'broker.heartbeat.interval.ms': '200',
    'auto.create.topics.enable': 'false',
    ...securedProperties(settings.users, securedProtocol),
    ...(keystore === null
      ? {}
      : {
          'listener.name.secured.ssl.keystore.type': 'PKCS12',
          'listener.name.secured.ssl.keystore.location': keystore.path,
          'listener.name.secured.ssl.keystore.password': keystore.password,
          'listener.name.secured.ssl.key.password': keystore.password,
        }),
    ...settings.overrides,
  }
  return Object.entries(properties).map(([key, value]) => `${key}=${value}`)
}

function securedProperties(
  users: readonly BrokerUser[],
  protocol: ServerSettings['securedProtocol'],
): Record<string, string> {
  if (protocol === null) return {}
  const plainUsers = users
    .filter((user) => user.mechanism === 'PLAIN')
    .map((user) => ` user_${user.name}="${user.password}"`)
    .join('')
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.secured.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required${plainUsers};`,
    'listener.name.secured.scram-sha-256.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.secured.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  }
}
