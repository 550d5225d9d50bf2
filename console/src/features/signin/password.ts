/** The service's rule: at least 8 characters of at least 3 of 4 classes. It checks again. */
export const SHORTEST = 8;
const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

export function classesOf(password: string): number {
  return CLASSES.filter((one) => one.test(password)).length;
}

export function goodPassword(password: string): boolean {
  return password.length >= SHORTEST && classesOf(password) >= 3;
}
