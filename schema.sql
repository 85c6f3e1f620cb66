-- schema.sql: the catalog of moviedb, the one source of truth.
--
-- Ten tables hold what people wrote; everything below the line "Derived data" can be dropped and made again from
-- them. The file is valid for SQLite 3.40 and later and uses no function that is not SQLite's own, so that any
-- sqlite3 shell can read and mend a catalog. The program runs this text once, in one transaction, when it creates a
-- catalog; it is never run over an existing one.
--
-- Decisions that hold everywhere:
--   * STRICT: a text never lands in a number's column. Dates are TEXT, because a DATE column would store 1999 as
--     a number and cannot say 1999-03. The cheapest check that most values pass comes first.
--   * AUTOINCREMENT: an id is never given twice, so an id in somebody's script cannot come to mean another film. A
--     trigger refuses to change one.
--   * Absent is NULL, never '': every nullable text has a CHECK. A budget of 0 is a budget.
--   * "createdAt" and "updatedAt" are UTC to the second. They are quoted everywhere, because other engines fold
--     unquoted names to lower case.
--   * References are ON DELETE RESTRICT where the other record lives on without this one, and CASCADE where a row
--     has no meaning without its owner (a part without its film, a link without an end).
--   * Every foreign key has an index: without one, deleting a single row would read a whole table. Where most rows
--     have none, the index is partial and costs next to nothing.

PRAGMA application_id = 1836475490; -- "mvdb": tells our files from others
PRAGMA user_version = 2;            -- the version of this schema

-- ---------------------------------------------------------------------------------------------------------------
-- The ten tables
-- ---------------------------------------------------------------------------------------------------------------

-- A picture or another file in the managed directory, or only a URL. file_key is its place there (ab/abcdef….jpg,
-- named by the SHA-256 of the content: one row per content); NULL when there is only a URL.
CREATE TABLE files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name TEXT CHECK (trim(file_name) <> ''),
  mime_type TEXT CHECK (mime_type <> ''),
  file_key TEXT UNIQUE CHECK (file_key <> ''),
  url TEXT CHECK (url <> ''),
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  CHECK (file_key IS NOT NULL OR url IS NOT NULL)
) STRICT;
CREATE INDEX files_mime_type ON files (mime_type) WHERE mime_type IS NOT NULL;

-- NOCASE knows ASCII only; the program also compares folded names (see country_keys) under the write lock.
CREATE TABLE countries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (trim(name) <> ''),
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
) STRICT;

CREATE TABLE genres (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (trim(name) <> ''),
  notes TEXT CHECK (notes <> ''),
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
) STRICT;

-- A username has a character that is no digit, because all digits would be an id. password is an Argon2id PHC
-- string or NULL; a clear-text password cannot be stored.
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL UNIQUE COLLATE NOCASE
    CHECK (username GLOB '*[^0-9]*' AND instr(username, ' ') = 0),
  first_name TEXT CHECK (first_name <> ''),
  last_name TEXT CHECK (last_name <> ''),
  email TEXT UNIQUE COLLATE NOCASE CHECK (email LIKE '%_@_%'),
  password TEXT CHECK (password GLOB '$argon2id$*'),
  avatar_id INTEGER REFERENCES files (id) ON DELETE RESTRICT,
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
) STRICT;
CREATE INDEX users_avatar ON users (avatar_id) WHERE avatar_id IS NOT NULL;

-- A single name ("Cher") is the last_name. Names are not unique: there are two Tom Hollands.
-- primary_photo_id always names the file of the person's photo with is_primary = 1 (the triggers see to it).
CREATE TABLE persons (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  first_name TEXT CHECK (trim(first_name) <> ''),
  last_name TEXT NOT NULL CHECK (trim(last_name) <> ''),
  biography TEXT CHECK (biography <> ''),
  date_of_birth TEXT
    CHECK ((date(date_of_birth, '+0 days') IS date_of_birth
        OR date_of_birth GLOB '[12][0-9][0-9][0-9]'
        OR date_of_birth GLOB '[12][0-9][0-9][0-9]-[01][0-9]' AND date(date_of_birth || '-01', '+0 days') IS date_of_birth || '-01')
      AND substr(date_of_birth, 1, 4) BETWEEN '1800' AND '2200'),
  gender TEXT CHECK (gender <> ''),
  country_id INTEGER REFERENCES countries (id) ON DELETE RESTRICT,
  primary_photo_id INTEGER REFERENCES files (id) ON DELETE RESTRICT,
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
) STRICT;
CREATE INDEX persons_country ON persons (country_id) WHERE country_id IS NOT NULL;
CREATE INDEX persons_primary_photo ON persons (primary_photo_id) WHERE primary_photo_id IS NOT NULL;
CREATE INDEX persons_date_of_birth ON persons (date_of_birth) WHERE date_of_birth IS NOT NULL;
CREATE INDEX persons_gender ON persons (gender COLLATE NOCASE) WHERE gender IS NOT NULL;

-- Title and year are not unique: two films may share both. duration is in minutes, budget in US dollars or whatever
-- currency the owner keeps. The limits are those of the program: about 70 days of film, 10^15.
CREATE TABLE movies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL CHECK (trim(title) <> ''),
  description TEXT CHECK (description <> ''),
  budget REAL CHECK (budget BETWEEN 0 AND 1e15),
  release_date TEXT
    CHECK ((date(release_date, '+0 days') IS release_date
        OR release_date GLOB '[12][0-9][0-9][0-9]'
        OR release_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]' AND date(release_date || '-01', '+0 days') IS release_date || '-01')
      AND substr(release_date, 1, 4) BETWEEN '1800' AND '2200'),
  duration INTEGER CHECK (duration BETWEEN 1 AND 100000),
  country_id INTEGER REFERENCES countries (id) ON DELETE RESTRICT,
  director_id INTEGER REFERENCES persons (id) ON DELETE RESTRICT,
  poster_id INTEGER REFERENCES files (id) ON DELETE RESTRICT,
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z')
) STRICT;
-- These hold the NULLs too: "which films have no poster" is asked of films, while most people have no photo in any
-- catalog, so that their indexes leave it out.
CREATE INDEX movies_country ON movies (country_id);
CREATE INDEX movies_director ON movies (director_id);
CREATE INDEX movies_poster ON movies (poster_id);
CREATE INDEX movies_no_description ON movies (description) WHERE description IS NULL;
-- For lists in the order of a column, which have the NULLs last.
CREATE INDEX movies_release_date ON movies (release_date);
CREATE INDEX movies_duration ON movies (duration);
CREATE INDEX movies_budget ON movies (budget);

-- A part in a film. name is the character's ("Neo"), role the kind of part ("lead"); both may be unknown, and so may
-- the actor. SQLite's UNIQUE lets NULLs be equal to nothing; the program refuses a second nameless part itself.
-- The UNIQUE begins with movie_id and so is the index of that foreign key.
CREATE TABLE characters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT CHECK (trim(name) <> ''),
  description TEXT CHECK (description <> ''),
  role TEXT CHECK (role <> ''),
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  actor_id INTEGER REFERENCES persons (id) ON DELETE RESTRICT,
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  UNIQUE (movie_id, actor_id, name)
) STRICT;
CREATE INDEX characters_actor ON characters (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX characters_name ON characters (name) WHERE name IS NOT NULL;

-- The link tables have no rowid of their own: it would be a third copy of the same two numbers, and VACUUM could
-- change it.
CREATE TABLE movie_genres (
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  genre_id INTEGER NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  PRIMARY KEY (movie_id, genre_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX movie_genres_genre ON movie_genres (genre_id, movie_id);

CREATE TABLE favorite_movies (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  movie_id INTEGER NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, movie_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favorite_movies_movie ON favorite_movies (movie_id, user_id);

CREATE TABLE photos (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE RESTRICT,
  is_primary INTEGER NOT NULL DEFAULT 0 CHECK (is_primary IN (0, 1)),
  "createdAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("createdAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  "updatedAt" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK ("updatedAt" = "createdAt" OR "updatedAt" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  UNIQUE (person_id, file_id)
) STRICT;
CREATE INDEX photos_file ON photos (file_id);
CREATE UNIQUE INDEX photos_one_primary ON photos (person_id) WHERE is_primary = 1;

-- ---------------------------------------------------------------------------------------------------------------
-- Ids never change; "updatedAt" moves when another column does
-- ---------------------------------------------------------------------------------------------------------------
-- A column that compares without case is compared with it here.
-- *_touch leaves an "updatedAt" alone that the statement sets itself, and does nothing when no value changed. It ends
-- whatever recursive_triggers says, since its own UPDATE changes "updatedAt". *_id_fixed is for an update of any
-- column, because UPDATE … SET _rowid_ changes the id without naming it.

CREATE TRIGGER files_id_fixed BEFORE UPDATE ON files WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'files.id never changes');
END;
CREATE TRIGGER files_touch AFTER UPDATE ON files
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.file_name, NEW.mime_type, NEW.file_key, NEW.url, NEW."createdAt")
    IS NOT (OLD.file_name, OLD.mime_type, OLD.file_key, OLD.url, OLD."createdAt")
BEGIN
  UPDATE files SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER countries_id_fixed BEFORE UPDATE ON countries WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'countries.id never changes');
END;
CREATE TRIGGER countries_touch AFTER UPDATE ON countries
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.name COLLATE BINARY, NEW."createdAt")
    IS NOT (OLD.name, OLD."createdAt")
BEGIN
  UPDATE countries SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER genres_id_fixed BEFORE UPDATE ON genres WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'genres.id never changes');
END;
CREATE TRIGGER genres_touch AFTER UPDATE ON genres
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.name COLLATE BINARY, NEW.notes, NEW."createdAt")
    IS NOT (OLD.name, OLD.notes, OLD."createdAt")
BEGIN
  UPDATE genres SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER users_id_fixed BEFORE UPDATE ON users WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'users.id never changes');
END;
CREATE TRIGGER users_touch AFTER UPDATE ON users
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.username COLLATE BINARY, NEW.first_name, NEW.last_name, NEW.email COLLATE BINARY, NEW.password, NEW.avatar_id, NEW."createdAt")
    IS NOT (OLD.username, OLD.first_name, OLD.last_name, OLD.email, OLD.password, OLD.avatar_id, OLD."createdAt")
BEGIN
  UPDATE users SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER persons_id_fixed BEFORE UPDATE ON persons WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'persons.id never changes');
END;
CREATE TRIGGER persons_touch AFTER UPDATE ON persons
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.first_name, NEW.last_name, NEW.biography, NEW.date_of_birth, NEW.gender, NEW.country_id, NEW.primary_photo_id, NEW."createdAt")
    IS NOT (OLD.first_name, OLD.last_name, OLD.biography, OLD.date_of_birth, OLD.gender, OLD.country_id, OLD.primary_photo_id, OLD."createdAt")
BEGIN
  UPDATE persons SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER movies_id_fixed BEFORE UPDATE ON movies WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'movies.id never changes');
END;
CREATE TRIGGER movies_touch AFTER UPDATE ON movies
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.title, NEW.description, NEW.budget, NEW.release_date, NEW.duration, NEW.country_id, NEW.director_id, NEW.poster_id, NEW."createdAt")
    IS NOT (OLD.title, OLD.description, OLD.budget, OLD.release_date, OLD.duration, OLD.country_id, OLD.director_id, OLD.poster_id, OLD."createdAt")
BEGIN
  UPDATE movies SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER characters_id_fixed BEFORE UPDATE ON characters WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'characters.id never changes');
END;
CREATE TRIGGER characters_touch AFTER UPDATE ON characters
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.name, NEW.description, NEW.role, NEW.movie_id, NEW.actor_id, NEW."createdAt")
    IS NOT (OLD.name, OLD.description, OLD.role, OLD.movie_id, OLD.actor_id, OLD."createdAt")
BEGIN
  UPDATE characters SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

CREATE TRIGGER photos_id_fixed BEFORE UPDATE ON photos WHEN NEW.id IS NOT OLD.id BEGIN
  SELECT RAISE(ABORT, 'photos.id never changes');
END;
CREATE TRIGGER photos_touch AFTER UPDATE ON photos
WHEN NEW."updatedAt" IS OLD."updatedAt"
  AND (NEW.person_id, NEW.file_id, NEW.is_primary, NEW."createdAt")
    IS NOT (OLD.person_id, OLD.file_id, OLD.is_primary, OLD."createdAt")
BEGIN
  UPDATE photos SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = NEW.id;
END;

-- ---------------------------------------------------------------------------------------------------------------
-- One primary photo at most, and persons.primary_photo_id agrees with it, whoever writes
-- ---------------------------------------------------------------------------------------------------------------
-- The triggers hold with recursive_triggers on or off, foreign keys on or off, and with INSERT OR REPLACE. Each acts
-- only where the two sides differ; that ends the ping-pong between photos and persons.

-- A new primary demotes the old one. BEFORE, since the partial unique index is checked while the row is written.
CREATE TRIGGER photos_demote_ins BEFORE INSERT ON photos WHEN NEW.is_primary = 1 BEGIN
  UPDATE photos SET is_primary = 0
   WHERE person_id = NEW.person_id AND is_primary = 1 AND file_id <> NEW.file_id;
END;
CREATE TRIGGER photos_demote_upd BEFORE UPDATE OF is_primary, person_id ON photos
WHEN NEW.is_primary = 1 AND (OLD.is_primary = 0 OR OLD.person_id <> NEW.person_id) BEGIN
  UPDATE photos SET is_primary = 0 WHERE person_id = NEW.person_id AND is_primary = 1 AND id <> OLD.id;
END;
-- REPLACE fires no delete trigger while recursive_triggers is off (the shell's default): the row that is about to be
-- replaced steps down first.
CREATE TRIGGER photos_replace BEFORE INSERT ON photos
WHEN EXISTS (SELECT 1 FROM photos WHERE id = NEW.id AND person_id <> NEW.person_id AND is_primary = 1) BEGIN
  UPDATE photos SET is_primary = 0 WHERE id = NEW.id;
END;
-- The person follows the photos. After every insert, not only of a primary: a REPLACE may have removed one.
CREATE TRIGGER photos_sync_ins AFTER INSERT ON photos BEGIN
  UPDATE persons
     SET primary_photo_id = (SELECT file_id FROM photos WHERE person_id = NEW.person_id AND is_primary = 1)
   WHERE id = NEW.person_id
     AND primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = NEW.person_id AND is_primary = 1);
END;
CREATE TRIGGER photos_sync_upd AFTER UPDATE OF is_primary, file_id, person_id ON photos BEGIN
  UPDATE persons
     SET primary_photo_id = (SELECT file_id FROM photos WHERE person_id = persons.id AND is_primary = 1)
   WHERE id IN (OLD.person_id, NEW.person_id)
     AND primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = persons.id AND is_primary = 1);
END;
CREATE TRIGGER photos_sync_del AFTER DELETE ON photos WHEN OLD.is_primary = 1 BEGIN
  UPDATE persons SET primary_photo_id = NULL WHERE id = OLD.person_id AND primary_photo_id IS OLD.file_id;
END;
-- The photos follow the person.
-- On the way the person has none for a moment, which moves "updatedAt"; one that the statement gave is put back.
CREATE TRIGGER persons_photo_upd AFTER UPDATE OF primary_photo_id ON persons
WHEN NEW.primary_photo_id IS NOT OLD.primary_photo_id
  AND NEW.primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = NEW.id AND is_primary = 1) BEGIN
  UPDATE photos SET is_primary = 0
   WHERE person_id = NEW.id AND is_primary = 1 AND file_id IS NOT NEW.primary_photo_id;
  INSERT INTO photos (person_id, file_id, is_primary)
  SELECT NEW.id, NEW.primary_photo_id, 1 WHERE NEW.primary_photo_id IS NOT NULL
  ON CONFLICT (person_id, file_id) DO UPDATE SET is_primary = 1;
  UPDATE persons SET "updatedAt" = NEW."updatedAt"
   WHERE id = NEW.id AND NEW."updatedAt" IS NOT OLD."updatedAt" AND "updatedAt" IS NOT NEW."updatedAt";
END;
CREATE TRIGGER persons_photo_ins AFTER INSERT ON persons
WHEN NEW.primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = NEW.id AND is_primary = 1) BEGIN
  UPDATE photos SET is_primary = 0
   WHERE person_id = NEW.id AND is_primary = 1 AND file_id IS NOT NEW.primary_photo_id;
  INSERT INTO photos (person_id, file_id, is_primary)
  SELECT NEW.id, NEW.primary_photo_id, 1 WHERE NEW.primary_photo_id IS NOT NULL
  ON CONFLICT (person_id, file_id) DO UPDATE SET is_primary = 1;
END;

-- ---------------------------------------------------------------------------------------------------------------
-- The catalog itself
-- ---------------------------------------------------------------------------------------------------------------

-- Which catalog this is: a random mark, given when it is created. The managed directory bears the mark of the catalog
-- it belongs to, so that another one told to use the same directory does not take its pictures for garbage. A copy
-- of a catalog has the mark of the first. Since version 2.
CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mark TEXT NOT NULL CHECK (length(mark) = 32)
) STRICT;
INSERT INTO identity (one, mark) VALUES (1, lower(hex(randomblob(16))));

-- ---------------------------------------------------------------------------------------------------------------
-- Derived data: can be dropped and rebuilt from the ten tables
-- ---------------------------------------------------------------------------------------------------------------
-- SQLite folds ASCII only, so names are folded by the program (case, accents, Unicode forms, ß, ø …) and kept here.
-- A trigger cannot fold; it notes the changed row in "stale", and the next command that writes brings the derived
-- rows up to date before anything else, in its own transaction. That holds for a hand edit as for our own writes.
-- A derived row whose record is gone is harmless: every query joins the record.

-- What the derived rows were made with: another fold_version in the program means that it rebuilds them.
CREATE TABLE derived_state (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO derived_state (name, value) VALUES ('fold_version', 0);

-- The records whose derived rows may be wrong. old_name and old_text are the title or name and the description or
-- biography that the word indexes were fed with, which they need back to forget it (an index keeps no text of its
-- own); NULL when they hold nothing of the record.
CREATE TABLE stale (
  kind TEXT NOT NULL CHECK (kind IN ('movie', 'person', 'character', 'genre', 'country', 'user', 'file')),
  id INTEGER NOT NULL,
  old_name TEXT,
  old_text TEXT,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- title_key is the folded title, by which films are named and compared; sort_key leaves a leading article out; year
-- is that of the release date.
CREATE TABLE movie_keys (
  movie_id INTEGER PRIMARY KEY,
  title_key TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  year INTEGER
) STRICT;
CREATE INDEX movie_keys_title ON movie_keys (title_key, year);
CREATE INDEX movie_keys_sort ON movie_keys (sort_key);

-- name_key is the folded "first last", sort_key the folded "last, first".
CREATE TABLE person_keys (
  person_id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL,
  sort_key TEXT NOT NULL
) STRICT;
CREATE INDEX person_keys_name ON person_keys (name_key);
CREATE INDEX person_keys_sort ON person_keys (sort_key);

-- Many parts share few names ("Self", "Nurse"), so each name is folded once, not once a part. id is its own, for the
-- word index.
CREATE TABLE character_keys (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  name_key TEXT NOT NULL
) STRICT;
CREATE INDEX character_keys_name ON character_keys (name_key);

CREATE TABLE genre_keys (
  genre_id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL
) STRICT;
CREATE INDEX genre_keys_name ON genre_keys (name_key);

CREATE TABLE country_keys (
  country_id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL
) STRICT;
CREATE INDEX country_keys_name ON country_keys (name_key);

CREATE TABLE user_keys (
  user_id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL
) STRICT;
CREATE INDEX user_keys_name ON user_keys (name_key);

CREATE TABLE file_keys (
  file_id INTEGER PRIMARY KEY,
  name_key TEXT NOT NULL
) STRICT;
CREATE INDEX file_keys_name ON file_keys (name_key);

-- Word indexes over folded titles and names, and over descriptions and biographies, for finding by a word inside.
-- Contentless: the words come folded from the program with one blank between them, and the tokenizer splits there, for
-- what is not ASCII is always part of a word to it. columnsize=0, since hits are not ranked by bm25. Long texts and the
-- names of parts keep no positions: a phrase cannot be looked for, and of Chinese, Japanese and Korean pairs of characters are the words.
CREATE VIRTUAL TABLE movie_words USING fts5 (title, content='', columnsize=0, prefix='2 3', tokenize='ascii');
CREATE VIRTUAL TABLE person_words USING fts5 (name, content='', columnsize=0, prefix='2 3', tokenize='ascii');
CREATE VIRTUAL TABLE character_words USING fts5 (name, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE movie_texts USING fts5 (description, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE person_texts USING fts5 (biography, content='', columnsize=0, detail=none, tokenize='ascii');

-- How many bytes of an index FTS5 gathers before it writes a part: 4 MiB, not 1, for imports.
INSERT INTO movie_words (movie_words, rank) VALUES ('hashsize', 4194304);
INSERT INTO person_words (person_words, rank) VALUES ('hashsize', 4194304);
INSERT INTO character_words (character_words, rank) VALUES ('hashsize', 4194304);
INSERT INTO movie_texts (movie_texts, rank) VALUES ('hashsize', 4194304);
INSERT INTO person_texts (person_texts, rank) VALUES ('hashsize', 4194304);

-- The first note of a record wins (ON CONFLICT DO NOTHING): it holds the text that is in the index.
-- *_stale_replace: REPLACE fires no delete trigger, see photos_replace.

CREATE TRIGGER movies_stale_ins AFTER INSERT ON movies BEGIN
  INSERT INTO stale (kind, id) VALUES ('movie', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER movies_stale_upd AFTER UPDATE OF title, release_date, description ON movies
WHEN (NEW.title, NEW.release_date, NEW.description)
  IS NOT (OLD.title, OLD.release_date, OLD.description) BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  VALUES ('movie', OLD.id, OLD.title, OLD.description) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER movies_stale_del AFTER DELETE ON movies BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  VALUES ('movie', OLD.id, OLD.title, OLD.description) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER movies_stale_replace BEFORE INSERT ON movies WHEN EXISTS (SELECT 1 FROM movies WHERE id = NEW.id) BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  SELECT 'movie', id, title, description FROM movies WHERE id = NEW.id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER persons_stale_ins AFTER INSERT ON persons BEGIN
  INSERT INTO stale (kind, id) VALUES ('person', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER persons_stale_upd AFTER UPDATE OF first_name, last_name, biography ON persons
WHEN (NEW.first_name, NEW.last_name, NEW.biography)
  IS NOT (OLD.first_name, OLD.last_name, OLD.biography) BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  VALUES ('person', OLD.id, coalesce(OLD.first_name || ' ', '') || OLD.last_name, OLD.biography) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER persons_stale_del AFTER DELETE ON persons BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  VALUES ('person', OLD.id, coalesce(OLD.first_name || ' ', '') || OLD.last_name, OLD.biography) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER persons_stale_replace BEFORE INSERT ON persons WHEN EXISTS (SELECT 1 FROM persons WHERE id = NEW.id) BEGIN
  INSERT INTO stale (kind, id, old_name, old_text)
  SELECT 'person', id, coalesce(first_name || ' ', '') || last_name, biography FROM persons WHERE id = NEW.id ON CONFLICT DO NOTHING;
END;

-- The small kinds have no word index: only their keys are renewed.

CREATE TRIGGER genres_stale_ins AFTER INSERT ON genres BEGIN
  INSERT INTO stale (kind, id) VALUES ('genre', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER genres_stale_upd AFTER UPDATE OF name ON genres WHEN NEW.name COLLATE BINARY IS NOT OLD.name BEGIN
  INSERT INTO stale (kind, id) VALUES ('genre', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER genres_stale_del AFTER DELETE ON genres BEGIN
  INSERT INTO stale (kind, id) VALUES ('genre', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER countries_stale_ins AFTER INSERT ON countries BEGIN
  INSERT INTO stale (kind, id) VALUES ('country', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER countries_stale_upd AFTER UPDATE OF name ON countries WHEN NEW.name COLLATE BINARY IS NOT OLD.name BEGIN
  INSERT INTO stale (kind, id) VALUES ('country', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER countries_stale_del AFTER DELETE ON countries BEGIN
  INSERT INTO stale (kind, id) VALUES ('country', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER users_stale_ins AFTER INSERT ON users BEGIN
  INSERT INTO stale (kind, id) VALUES ('user', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER users_stale_upd AFTER UPDATE OF username ON users WHEN NEW.username COLLATE BINARY IS NOT OLD.username BEGIN
  INSERT INTO stale (kind, id) VALUES ('user', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER users_stale_del AFTER DELETE ON users BEGIN
  INSERT INTO stale (kind, id) VALUES ('user', OLD.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER files_stale_ins AFTER INSERT ON files BEGIN
  INSERT INTO stale (kind, id) VALUES ('file', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER files_stale_upd AFTER UPDATE OF file_name ON files WHEN NEW.file_name IS NOT OLD.file_name BEGIN
  INSERT INTO stale (kind, id) VALUES ('file', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER files_stale_del AFTER DELETE ON files BEGIN
  INSERT INTO stale (kind, id) VALUES ('file', OLD.id) ON CONFLICT DO NOTHING;
END;

-- character_keys only grows: a name that no part bears any more finds nothing.
CREATE TRIGGER characters_stale_ins AFTER INSERT ON characters
WHEN NEW.name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM character_keys WHERE name = NEW.name) BEGIN
  INSERT INTO stale (kind, id) VALUES ('character', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER characters_stale_upd AFTER UPDATE OF name ON characters
WHEN NEW.name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM character_keys WHERE name = NEW.name) BEGIN
  INSERT INTO stale (kind, id) VALUES ('character', NEW.id) ON CONFLICT DO NOTHING;
END;
