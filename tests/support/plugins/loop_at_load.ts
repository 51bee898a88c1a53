/** Never finishes loading. */
while (true);

export default {};
