// Finds controls by role and accessible name, for a driver that cannot. The function runs in the page.

/** The elements with these roles, by tag. */
const TAGS = {
  button: 'button, [role=button]', link: 'a[href]', combobox: 'select', textbox: 'input:not([type]), input[type=text], textarea',
  checkbox: 'input[type=checkbox]', alert: '[role=alert]', status: '[role=status]', tab: '[role=tab]', file: 'input[type=file]',
};

/**
 * The text of a function that gives the first control with this role and name that is shown, or null. Its name comes from
 * `aria-label`, `aria-labelledby`, its labels, or its text.
 * @param {string} role
 */
export const finder = (role) => `(name) => {
  const words = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const named = (one) => words(one.getAttribute('aria-label'))
    || words((one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).join(' '))
    || words([...(one.labels ?? [])].map((label) => label.textContent).join(' '))
    || words(one.textContent);
  const isShown = (one) => one.type === 'file' || one.getClientRects().length > 0;
  return [...document.querySelectorAll(${JSON.stringify(TAGS[role] ?? `[role=${role}]`)})]
    .find((one) => isShown(one) && named(one) === name) ?? null;
}`;
