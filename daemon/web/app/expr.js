// expr.js - the conditions of a procedure (show_if, required_if), with the meaning they have on the
// server: a missing value is null, and any comparison with null but == null and != null is false.

const TOKEN = /\s*(?:("(?:[^"\\]|\\["\\])*")|(-?\d[\w.]*)|([A-Za-z_][\w.]*)|(==|!=|<=|>=|[<>()[\],]))/y;

function tokens(text) {
  const found = [];

  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);

    if (!match)
      throw new Error(`condition: ${text}`);
    const [, string, number, word, sign] = match;

    if (string)
      found.push({literal: string.slice(1, -1).replace(/\\(["\\])/g, '$1')});
    else if (number)
      found.push({literal: Number(number)});
    else if (word === 'true' || word === 'false')
      found.push({literal: word === 'true'});
    else if (word === 'null')
      found.push({literal: null});
    else if (['and', 'or', 'not', 'in'].includes(word))
      found.push({sign: word});
    else if (word)
      found.push({path: word});
    else
      found.push({sign});
  }
  return found;
}

const isNull = (value) => value === null || value === undefined;

function compare(op, a, b, nullLiteral) {
  if (nullLiteral)
    return (isNull(a) && isNull(b)) === (op === '==');
  if (isNull(a) || isNull(b))
    return false;
  if (op === '==')
    return a === b;
  if (op === '!=')
    return a !== b;
  if (typeof a !== typeof b || !['number', 'string'].includes(typeof a))
    return false;
  return {'<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b}[op];
}

class Parser {
  constructor(text) {
    this.list = tokens(text);
    this.at = 0;
  }

  take(sign) {
    if (this.list[this.at]?.sign !== sign)
      return false;
    this.at++;
    return true;
  }

  operand() {
    const token = this.list[this.at++];

    if (token?.sign === '[') {
      const items = [];

      while (!this.take(']')) {
        items.push(this.list[this.at++].literal);
        this.take(',');
      }
      return {value: () => items};
    }
    if (token && 'literal' in token)
      return {value: () => token.literal, isNull: token.literal === null};
    if (token?.path)
      return {value: (look) => look(token.path)};
    throw new Error('condition: operand');
  }

  atom() {
    if (this.take('not')) {
      const inner = this.atom();

      return (look) => !inner(look);
    }
    if (this.take('(')) {
      const inner = this.either();

      this.take(')');
      return inner;
    }
    const left = this.operand();
    const sign = this.list[this.at]?.sign;

    if (sign === 'in') {
      this.at++;
      const list = this.operand();

      return (look) => {
        const items = list.value(look);

        return !isNull(left.value(look)) && Array.isArray(items) && items.includes(left.value(look));
      };
    }
    if (['==', '!=', '<', '<=', '>', '>='].includes(sign)) {
      this.at++;
      const right = this.operand();

      return (look) => compare(sign, left.value(look), right.value(look), left.isNull || right.isNull);
    }
    return (look) => left.value(look) === true;
  }

  both() {
    let left = this.atom();

    while (this.take('and')) {
      const a = left, b = this.atom();

      left = (look) => a(look) && b(look);
    }
    return left;
  }

  either() {
    let left = this.both();

    while (this.take('or')) {
      const a = left, b = this.both();

      left = (look) => a(look) || b(look);
    }
    return left;
  }
}

const known = new Map();

// condition('form.a == "x"')(path => value). A text that cannot be read holds never; the server has
// the last word either way.
export function condition(text) {
  if (!known.has(text)) {
    let made;

    try {
      made = new Parser(text).either();
    } catch (error) {
      console.warn(error);
      made = () => false;
    }
    known.set(text, made);
  }
  return known.get(text);
}
