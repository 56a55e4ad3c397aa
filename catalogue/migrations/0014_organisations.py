import catalogue.accounts.models
import catalogue.organisations.invitations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0013_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Đang chờ quyết định'), ('accepted', 'Đã chấp thuận'), ('refused', 'Bị từ chối'), ('withdrawn', 'Đã rút')], default='waiting', editable=False, max_length=10, verbose_name='tình trạng')),
                ('created_at', models.DateTimeField(verbose_name='lúc gửi')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lúc quyết định')),
                ('reason', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='lý do')),
                ('position', models.CharField(max_length=150, verbose_name='chức vụ')),
                ('proof', models.TextField(max_length=2000, verbose_name='căn cứ')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='trang chứng minh')),
            ],
            options={
                'verbose_name': 'yêu cầu nhận quản lý',
                'verbose_name_plural': 'yêu cầu nhận quản lý',
                'ordering': ('-created_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='thư điện tử')),
                ('role', models.CharField(choices=[('owner', 'Chủ quản'), ('editor', 'Biên tập'), ('viewer', 'Người xem')], max_length=10, verbose_name='vai trò')),
                ('state', models.CharField(choices=[('open', 'Đang chờ trả lời'), ('accepted', 'Đã nhận lời'), ('declined', 'Đã từ chối'), ('revoked', 'Đã thu hồi')], default='open', editable=False, max_length=10, verbose_name='tình trạng')),
                ('nonce', models.CharField(default=catalogue.organisations.invitations.new_nonce, editable=False, max_length=32)),
                ('created_at', models.DateTimeField(verbose_name='lúc mời')),
                ('sent_at', models.DateTimeField(verbose_name='lúc gửi gần nhất')),
                ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='lúc trả lời')),
            ],
            options={
                'verbose_name': 'lời mời',
                'verbose_name_plural': 'lời mời',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Đang chờ quyết định'), ('accepted', 'Đã chấp thuận'), ('refused', 'Bị từ chối'), ('withdrawn', 'Đã rút')], default='waiting', editable=False, max_length=10, verbose_name='tình trạng')),
                ('created_at', models.DateTimeField(verbose_name='lúc gửi')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='lúc quyết định')),
                ('reason', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='lý do')),
                ('message', models.TextField(blank=True, max_length=2000, verbose_name='lời nhắn')),
                ('role', models.CharField(blank=True, choices=[('owner', 'Chủ quản'), ('editor', 'Biên tập'), ('viewer', 'Người xem')], editable=False, max_length=10, verbose_name='vai trò được giao')),
            ],
            options={
                'verbose_name': 'yêu cầu tham gia',
                'verbose_name_plural': 'yêu cầu tham gia',
                'ordering': ('-created_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OrganisationName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('former', 'Đơn vị trước sáp nhập'), ('alias', 'Cách viết khác')], max_length=10, verbose_name='loại')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('folded', models.CharField(editable=False, max_length=210)),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='có hiệu lực từ')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='có hiệu lực đến')),
                ('source', models.CharField(max_length=300, verbose_name='căn cứ')),
            ],
            options={
                'verbose_name': 'tên khác của tổ chức',
                'verbose_name_plural': 'tên khác của tổ chức',
                'ordering': ('organisation', 'kind', 'name'),
            },
        ),
        migrations.CreateModel(
            name='Renaming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former', models.CharField(max_length=150, verbose_name='tên trước')),
                ('folded', models.CharField(editable=False, max_length=150, unique=True)),
                ('name', models.CharField(max_length=150, verbose_name='tên nay')),
                ('valid_to', models.DateField(verbose_name='tên trước có hiệu lực đến')),
                ('source', models.CharField(max_length=300, verbose_name='căn cứ')),
            ],
            options={
                'verbose_name': 'cơ quan đổi tên',
                'verbose_name_plural': 'cơ quan đổi tên',
                'ordering': ('former',),
            },
        ),
        migrations.AlterModelOptions(
            name='organisation',
            options={'ordering': ('name',), 'permissions': (('decide_organisations', 'Xác nhận cơ quan, quyết định ai quản lý trang'),), 'verbose_name': 'tổ chức', 'verbose_name_plural': 'tổ chức'},
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_legal_form_known',
        ),
        migrations.AddField(
            model_name='organisation',
            name='domain',
            field=models.CharField(blank=True, max_length=100, null=True, unique=True, validators=[catalogue.accounts.models.validate_domain], verbose_name='tên miền xác nhận'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='folded',
            field=models.CharField(db_default='', default='', editable=False, max_length=315),
        ),
        migrations.AddField(
            model_name='organisation',
            name='refusal',
            field=models.TextField(blank=True, db_default='', default='', editable=False, max_length=2000, verbose_name='lý do không xác nhận'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='shown_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='có trang công khai từ'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='state',
            field=models.CharField(choices=[('waiting', 'Chờ xác nhận'), ('active', 'Đang hoạt động'), ('refused', 'Không được xác nhận')], db_default='active', default='active', editable=False, max_length=10, verbose_name='tình trạng'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='legal_form',
            field=models.CharField(choices=[('company', 'Doanh nghiệp'), ('public_body', 'Đơn vị nhà nước'), ('association', 'Hội, hiệp hội'), ('university', 'Trường đại học'), ('household', 'Hộ kinh doanh, cá nhân')], default='company', max_length=20, verbose_name='hình thức pháp lý'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'active', 'refused'])), name='organisation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('domain__isnull', True), models.Q(('domain__endswith', '.gov.vn'), models.Q(('kind', 'vendor'), _negated=True)), _connector='OR'), name='organisation_domain_of_agencies'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='organisation_refused_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('legal_form__in', ['company', 'public_body', 'association', 'university', 'household'])), name='organisation_legal_form_known'),
        ),
        migrations.AddField(
            model_name='claim',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người quyết định'),
        ),
        migrations.AddField(
            model_name='claim',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='catalogue.organisation', verbose_name='tổ chức'),
        ),
        migrations.AddField(
            model_name='claim',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người gửi'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người mời'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='catalogue.organisation', verbose_name='tổ chức'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người quyết định'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='catalogue.organisation', verbose_name='tổ chức'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người gửi'),
        ),
        migrations.AddField(
            model_name='organisationname',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='catalogue.organisation', verbose_name='tổ chức'),
        ),
        migrations.AddConstraint(
            model_name='renaming',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='renaming_has_source'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'accepted', 'refused', 'withdrawn'])), name='claim_state_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('organisation', 'user'), name='claim_open_once'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='claim_decided_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='claim_refused_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proof', ''), _negated=True), models.Q(('position', ''), _negated=True)), name='claim_has_proof'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'editor', 'viewer'])), name='invitation_role_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined', 'revoked'])), name='invitation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('organisation', 'email'), name='invitation_open_once'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='invitation_answered_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'accepted', 'refused', 'withdrawn'])), name='join_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('organisation', 'user'), name='join_request_open_once'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='join_request_decided_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='join_request_refused_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['owner', 'editor', 'viewer']), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('role', '')), _connector='OR'), name='join_request_accepted_has_role'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['former', 'alias'])), name='organisation_name_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.UniqueConstraint(fields=('organisation', 'kind', 'folded'), name='organisation_name_once'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='organisation_name_has_source'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'former'), _negated=True), ('valid_to__isnull', False), _connector='OR'), name='organisation_former_name_has_end'),
        ),
        migrations.AddConstraint(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='organisation_name_begins_before_it_ends'),
        ),
    ]
