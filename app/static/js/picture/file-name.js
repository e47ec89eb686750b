// What a picture is called as a file: what it shows, in letters that every file system takes.

const LONGEST = 120;

/** @param {(string | null)[]} parts null for what there is not @param {Date} date @param {string} ending */
export function fileName(parts, date, ending) {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((each) => String(each).padStart(2, "0"));
  const said = parts.map((part) => (part === null ? "" : safe(part))).filter(Boolean);
  return `${said.join("-").slice(0, LONGEST).replace(/-+$/, "")}-${day.join("-")}${ending}`;
}

/** Letters without accents, digits and hyphens; the numbers of letters where none of these is left. @param {string} text */
function safe(text) {
  const plain = (/** @type {string} */ each) =>
    each
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
  return (
    plain(text) ||
    [...text]
      .slice(0, 8)
      .map((letter) => (letter.codePointAt(0) ?? 0).toString(16))
      .join("")
  );
}
