/** A base under which paths without a slash before them are resolved, its own path kept: it may be a prefix of a proxy. */
export const baseOf = (url: string): URL => new URL(url.endsWith('/') ? url : `${url}/`)
