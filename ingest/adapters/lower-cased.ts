/** A name in lower case when it is all in capitals, as a warehouse writes the columns of its tables; else as it is. */
export const lowerCased = (name: string): string => (name === name.toUpperCase() ? name.toLowerCase() : name)
