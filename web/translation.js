// Lets a browser's translation and the program share the page's texts.
//
// A translator puts a `font` element in the place of each text node. The program goes on to change and to remove the nodes
// that it has made, so they have to stay: each is put back, empty, behind its translation. Once it gets another text, or is
// removed, the translation goes.

/**
 * The translation of each text node, and the text that was translated.
 * @type {Map<Text, { translation: HTMLElement, text: string }>}
 */
const translated = new Map();

/** @param {Node | null} node */
const isTranslation = (node) => node instanceof HTMLElement && node.localName === 'font';

/** @param {MutationRecord} record */
function follow({ type, target, removedNodes, addedNodes, previousSibling, nextSibling }) {
  if (type === 'characterData') {
    if (target instanceof Text && target.data) drop(target);
    return;
  }
  for (const node of removedNodes) {
    if (node.isConnected) continue;
    if (isTranslation(node)) restore(node);
    else if (!(node instanceof Text)) forget(node);
    else if (translated.has(node)) drop(node);
    else put(node, [...addedNodes, previousSibling, nextSibling].find(isTranslation));
  }
}

/**
 * Puts a text back behind its translation.
 * @param {Text} node
 * @param {Node | null | undefined} translation
 */
function put(node, translation) {
  const isTaken = [...translated.values()].some((known) => known.translation === translation);
  if (!(translation instanceof HTMLElement) || !translation.isConnected || isTaken) return;
  translated.set(node, { translation, text: node.data });
  node.data = '';
  translation.after(node);
}

/**
 * Takes the translation of a text away.
 * @param {Text} node
 */
function drop(node) {
  translated.get(node)?.translation.remove();
  translated.delete(node);
}

/**
 * Forgets the texts in a part of the page that has gone.
 * @param {Node} part
 */
function forget(part) {
  for (const text of translated.keys()) if (part.contains(text)) translated.delete(text);
}

/**
 * Gives a text back, whose translation somebody else has taken away: the translator, to show the original.
 * @param {Node} translation
 */
function restore(translation) {
  for (const [node, known] of translated) {
    if (known.translation !== translation) continue;
    translated.delete(node);
    if (!node.data) node.data = known.text;
  }
}

new MutationObserver((records) => records.forEach(follow))
  .observe(document.body, { childList: true, characterData: true, subtree: true });
