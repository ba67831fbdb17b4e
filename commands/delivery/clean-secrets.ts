import type { ChannelSetting } from '../../config.ts'

const SHORTEST = 4

/** Takes a channel's secrets out of a text that the other side wrote: some quote the request in their answers. */
export function createSecretCleaner(channel: ChannelSetting): (text: string) => string {
  const secrets = secretsOf(channel).filter((secret) => secret.length >= SHORTEST)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}

function secretsOf(channel: ChannelSetting): string[] {
  switch (channel.type) {
    case 'slack': {
      const { pathname } = new URL(channel.url)
      return [channel.url, pathname, ...pathname.split('/').slice(2)]
    }
    case 'telegram':
      return [channel.bot_token, channel.bot_token.split(':')[1]]
    case 'webhook': {
      const { pathname, search, searchParams } = new URL(channel.url)
      const inAddress = [search, ...searchParams.values(), ...(pathname.length > 1 ? [channel.url] : [])]
      return [channel.secret, channel.secret.replace(/^whsec_/, ''), ...inAddress]
    }
    case 'email': {
      const { username = '', password = '' } = channel
      const base64 = (text: string) => Buffer.from(text).toString('base64')
      // As AUTH LOGIN and AUTH PLAIN send it.
      return [password, base64(password), base64(`\u0000${username}\u0000${password}`)]
    }
    case 'kafka':
      return []
  }
}
