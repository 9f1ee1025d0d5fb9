<?php
// Fills the installation through WordPress's own functions; prints what is there.
$site = getenv('WORDPRESS_URL');
$_SERVER['HTTP_HOST'] = parse_url($site, PHP_URL_HOST) . ':' . parse_url($site, PHP_URL_PORT);
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';

require __DIR__ . '/wordpress/wp-load.php';
foreach (['file', 'media', 'image', 'taxonomy'] as $part) {
    require_once ABSPATH . "wp-admin/includes/$part.php";
}

function seed_user(string $login, string $role): array
{
    $password = wp_generate_password(24, false);
    $id = expect_id(wp_insert_user([
        'user_login' => $login,
        'user_pass' => $password,
        'user_email' => "$login@example.test",
        'display_name' => ucfirst($login),
        'role' => $role,
    ]));
    return describe_user($id, $login, $password);
}

function describe_user(int $id, string $login, string $password): array
{
    [$application] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Test']);
    return ['id' => $id, 'login' => $login, 'password' => $password, 'applicationPassword' => $application];
}

function seed_post(array $post): array
{
    $id = expect_id(wp_insert_post($post, true));
    return ['id' => $id, 'slug' => get_post_field('post_name', $id), 'title' => $post['post_title']];
}

function seed_image(string $file, string $title, int $author, int $post): array
{
    // WordPress moves the file that it is given.
    $copy = wp_tempnam($file);
    copy($file, $copy);
    $upload = ['name' => basename($file), 'tmp_name' => $copy];
    $id = expect_id(media_handle_sideload($upload, $post, $title, ['post_author' => $author]));
    return ['id' => $id, 'title' => $title, 'path' => parse_url(wp_get_attachment_url($id), PHP_URL_PATH)];
}

function expect_id(int|WP_Error $result): int
{
    if (is_wp_error($result)) {
        throw new RuntimeException($result->get_error_message());
    }
    return $result;
}

foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
    wp_delete_post($sample->ID, true);
}

$admin = describe_user(get_user_by('login', 'siteadmin')->ID, 'siteadmin', getenv('WORDPRESS_ADMIN_PASSWORD'));
$editor = seed_user('marina', 'editor');
$category = expect_id(wp_create_category('Fishing'));
$tag = wp_insert_term('weather', 'post_tag')['term_id'];

$about = seed_post([
    'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'About us',
    'post_content' => '<p>Four people and a printing press.</p>', 'post_author' => $admin['id'],
]);
$draftPage = seed_post([
    'post_type' => 'page', 'post_status' => 'draft', 'post_title' => 'Prices of next year',
    'post_content' => '<p>Not decided.</p>', 'post_author' => $admin['id'],
]);
$herring = seed_post([
    'post_status' => 'publish', 'post_title' => 'The herring is back', 'post_author' => $editor['id'],
    'post_category' => [$category], 'tags_input' => ['weather'],
    'post_content' => "<p>Ask <a href=\"$site/about-us/\">the editors</a> where.</p>",
    'post_excerpt' => 'After nine years.',
]);
$storm = seed_post([
    'post_status' => 'publish', 'post_title' => 'Storm on Friday', 'post_author' => $admin['id'],
    'post_content' => '<p>Stay ashore.</p>', 'tags_input' => ['weather'],
]);
$draft = seed_post([
    'post_status' => 'draft', 'post_title' => 'The mayor resigns', 'post_author' => $editor['id'],
    'post_content' => '<p>Embargoed until Monday.</p>',
]);
$private = seed_post([
    'post_status' => 'private', 'post_title' => 'Notes of the editors', 'post_author' => $editor['id'],
    'post_content' => '<p>For us only.</p>',
]);

$photograph = seed_image(__DIR__ . '/photograph.png', 'The quay', $editor['id'], $herring['id']);
set_post_thumbnail($herring['id'], $photograph['id']);
wp_update_post([
    'ID' => $herring['id'],
    'post_content' => get_post_field('post_content', $herring['id'])
        . wp_get_attachment_image($photograph['id'], 'full'),
]);
$comment = wp_insert_comment([
    'comment_post_ID' => $herring['id'], 'comment_author' => 'Joost', 'comment_author_email' => 'joost@example.test',
    'comment_author_IP' => '192.0.2.7', 'comment_content' => 'Saw them too.', 'comment_approved' => 1,
]);

echo json_encode([
    'users' => ['admin' => $admin, 'editor' => $editor],
    'posts' => ['herring' => $herring, 'storm' => $storm, 'draft' => $draft, 'private' => $private],
    'pages' => ['about' => $about, 'draft' => $draftPage],
    'media' => ['photograph' => $photograph],
    'category' => ['id' => $category, 'slug' => 'fishing'],
    'tag' => ['id' => $tag, 'slug' => 'weather'],
    'comment' => ['id' => $comment],
]);
